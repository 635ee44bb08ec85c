// <album-editor>: saves by itself, and looks until pictures are made ready.
const QUIET = 600; // milliseconds after the last change
const AGAIN = 5000;
const LOOK = 1500;

class AlbumEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-state-of-saving]");
    this.list = this.querySelector("sortable-list");
    this.seen = new Set(this.ids());
    this.querySelector("[data-without-script]").hidden = true;
    this.classList.add("is-ready");
    for (const news of ["input", "change"]) this.addEventListener(news, () => this.later());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    addEventListener("pagehide", () => {
      if (this.timer) this.save();
    });
    this.look();
  }

  ids() { return [...this.querySelectorAll("[name$='-id']")].map((field) => field.value); }

  // A row that the uploader has made.
  add(row) {
    const id = row.querySelector("[name$='-id']").value;
    this.querySelector(`[name$='-id'][value='${id}']`)?.closest("[data-row]").remove(); // the same picture once more
    this.list.list.append(row);
    this.list.number();
    this.seen.add(id);
    this.look();
  }

  later(wait = QUIET) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    clearTimeout(this.timer);
    this.timer = 0;
    const body = new URLSearchParams(new FormData(this.form));
    const here = new Set(this.ids());
    [...this.seen].filter((id) => !here.has(id)).forEach((id, place) => body.append(`removed-${place}`, id));
    this.tell(this.dataset.saving);
    const answer = await fetch(location.pathname, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => null);
    if (this.timer) return;
    const said = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer?.ok && said.saved) this.tell(this.dataset.saved);
    else {
      const isWrong = answer?.status === 422; // and would be so again
      this.tell(isWrong ? said.error : this.dataset.failed, true);
      if (!isWrong) this.later(AGAIN);
    }
  }

  tell(text, isFailed = false) {
    this.state.textContent = text;
    this.state.classList.toggle("is-failed", isFailed);
  }

  // Asks how far the waiting ones are, while there are some.
  look() {
    clearTimeout(this.looking);
    if (this.querySelector("[data-waiting]")) this.looking = setTimeout(() => this.ask(), LOOK);
  }

  async ask() {
    const rows = new Map([...this.querySelectorAll("[data-waiting]")].map((row) => [row.dataset.waiting, row]));
    const asked = new URLSearchParams([...rows.keys()].slice(0, 100).map((id) => ["id", id]));
    const answer = await fetch(`${this.dataset.status}?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const { files = [], room } = answer?.ok ? await answer.json().catch(() => ({})) : {};
    for (const file of files) if (file.state !== "waiting") this.settle(rows.get(file.id), file);
    if (room) for (const meter of document.querySelectorAll(".media-room meter")) meter.value = room.used;
    this.look();
  }

  settle(row, file) {
    delete row.dataset.waiting;
    const note = row.querySelector("[data-work]");
    if (file.state === "refused") {
      note.className = "field-error";
      note.textContent = file.reason;
      note.setAttribute("role", "alert");
      row.querySelector(".face").replaceChildren();
    } else {
      note.remove();
      const picture = Object.assign(document.createElement("img"), { src: Object.values(file.urls)[0], alt: "", width: file.width, height: file.height });
      row.querySelector(".face").replaceChildren(picture);
    }
  }
}

customElements.define("album-editor", AlbumEditor);
