// <product-photos>: sends photos at once and in parts, so that a weak network loses nothing; each becomes a row of the form.
import { say } from "../editor/words.js";

const TRIES = 5;

class ProductPhotos extends HTMLElement {
  connectedCallback() {
    this.file = this.querySelector("input[type=file]");
    this.list = this.querySelector("sortable-list");
    this.progress = this.querySelector("[data-progress]");
    this.wrong = this.querySelector("#photos-error");
    this.most = Number(this.dataset.most);
    this.queue = Promise.resolve();
    const choose = this.querySelector("[data-choose]");
    choose.hidden = false;
    this.file.hidden = true;
    choose.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => {
      this.take([...this.file.files]);
      this.file.value = "";
    });
    this.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take([...event.dataTransfer.files]);
    });
    this.closest("form").addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  // A form that is sent while a photo is under way waits for it.
  hold(event) {
    if (!this.pending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    this.queue.then(() => event.target.requestSubmit(submitter));
  }

  take(files) {
    this.wrong.textContent = "";
    const room = this.most === 1 ? 1 : this.most - this.list.rows.length;
    for (const file of files.slice(0, room)) {
      this.pending = (this.pending ?? 0) + 1;
      this.queue = this.queue.then(() => this.send(file)).finally(() => { this.pending -= 1; });
    }
  }

  async send(file) {
    if (this.most === 1) for (const row of this.list.rows) row.remove();
    const row = this.list.add();
    const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
    image.onerror = () => image.remove(); // a format that this browser does not draw; the server does
    row.querySelector("[data-frame]").append(image);
    const state = row.querySelector("[data-state]");
    state.dataset.name = file.name;
    try {
      const stored = await this.upload(file, (part) => { state.textContent = `${this.dataset.sending} ${part} %`; });
      row.querySelector("input[type=hidden]").value = stored.id;
      state.textContent = file.name;
      this.progress.textContent = this.dataset.done;
    } catch (problem) {
      row.remove();
      this.list.number();
      this.tell(problem.message || this.dataset.failed);
    }
  }

  async upload(file, tell) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ size: file.size, name: file.name, wanted: "picture" })) body.append(name, value);
    const begun = await this.ask(this.dataset.begin, { method: "POST", body });
    let { offset, file: stored } = begun;
    for (let tries = 0; !stored;) {
      const part = file.slice(offset, offset + begun.part);
      tell(Math.round((offset / file.size) * 100));
      const answer = await this.ask(begun.url, { method: "PATCH", body: part, headers: { "Upload-Offset": offset } }).catch((problem) => problem);
      if (answer instanceof Error) {
        tries += 1;
        if (answer.isFinal || tries > TRIES) throw answer;
        await new Promise((resolve) => { setTimeout(resolve, 500 * 2 ** tries); });
        ({ offset, file: stored } = await this.ask(begun.url).catch(() => ({ offset })));
      } else ({ offset, file: stored } = answer);
    }
    return stored;
  }

  async ask(url, options = {}) {
    const token = this.closest("form").elements.csrf_token.value;
    const answer = await fetch(url, { ...options, headers: { ...options.headers, "X-CSRFToken": token, Accept: "application/json" } });
    const found = await answer.json().catch(() => ({}));
    if (answer.ok || answer.status === 409 && "offset" in found) return found;
    throw Object.assign(new Error(found.error ?? ""), { isFinal: answer.status < 500 });
  }

  tell(words) {
    this.wrong.append(Object.assign(document.createElement("p"), { className: "field-error", textContent: words }));
    say(words);
  }
}

customElements.define("product-photos", ProductPhotos);
