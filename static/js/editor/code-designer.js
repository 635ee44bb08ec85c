// <code-designer>: draws and proves the code anew while it is dressed. All choices are checked by the server; the form is whole without script.
import { say } from "./words.js";

const PAUSE = 250; // after the last change, in milliseconds
const TOO_FAST = 4000; // until it is tried again
const UNDRAWN = new Set(["name", "event"]);

class CodeDesigner extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.stage = this.querySelector("[data-stage]");
    this.outputs = document.querySelector("[data-outputs]");
    this.querySelector("[data-show]").hidden = true;
    this.changed = new Set(); // by the person, since the server was asked last: its answer knows nothing of it
    this.form.addEventListener("input", (event) => this.change(event.target));
    this.form.addEventListener("submit", () => { this.isDirty = false; });
    this.addEventListener("click", (event) => this.click(event));
    window.addEventListener("beforeunload", (event) => { if (this.isDirty) event.preventDefault(); });
    this.suggest();
    if (!this.outputs.querySelector("[data-dirty]").hidden) this.touch();
  }

  change(control) {
    this.touch();
    this.changed.add(control.name);
    if (control.type === "range") control.nextElementSibling.textContent = control.value + control.nextElementSibling.dataset.unit;
    if (UNDRAWN.has(control.name)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), PAUSE);
  }

  touch() {
    this.isDirty = true;
    this.outputs.classList.add("is-waiting");
    this.outputs.querySelector("[data-dirty]").hidden = false;
  }

  click(event) {
    const button = event.target.closest("button[value=nearest]");
    if (!button) return;
    event.preventDefault();
    this.draw("nearest");
  }

  // One request at a time; what changes meanwhile is drawn after it.
  async draw(action = "") {
    if (this.isDrawing) {
      this.next = { action };
      return;
    }
    this.isDrawing = true;
    this.changed.clear();
    this.stage.classList.add("is-working");
    const body = new FormData(this.form);
    const takes = action || body.get("preset") !== body.get("was") || this.form.picture.files.length;
    body.set("action", action);
    const response = await fetch(this.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const answer = response?.ok ? await response.json().catch(() => null) : null;
    this.isDrawing = false;
    this.stage.classList.remove("is-working");
    if (this.next) {
      const { action: later } = this.next;
      this.next = null;
      if (answer && takes) this.take(answer.fields);
      this.draw(later);
    } else if (answer) {
      this.show(answer, takes);
    } else {
      this.fail(response?.status);
    }
  }

  show(answer, takes) {
    const { fields, notes } = answer;
    const part = document.activeElement?.closest(".offer")?.closest("fieldset");
    if (answer.drawing) {
      this.stage.querySelector("[data-drawing]").src = answer.drawing;
      this.stage.querySelector("[data-page]").setAttribute("fill", answer.page);
    }
    const isOpen = this.querySelector("[data-proof] details")?.open;
    this.stage.querySelector("[data-verdict]").innerHTML = answer.verdict;
    this.querySelector("[data-proof]").innerHTML = answer.proof;
    this.querySelector("[data-proof] details")?.toggleAttribute("open", Boolean(isOpen));
    this.stage.classList.toggle("is-low", !answer.passes);
    for (const note of this.querySelectorAll("[data-note]")) note.innerHTML = notes[note.dataset.note] ?? "";
    this.take(takes ? fields : this.following(fields));
    (part?.querySelector("input:checked") ?? part?.querySelector("input"))?.focus();
    say(answer.says);
  }

  // What follows from the other choices: which preset this still is, and in which colour a logo and words would begin.
  following({ preset, was, logo_colour, frame_colour }) {
    if (preset === undefined) return {};
    const { logo, frame } = this.form.elements;
    return { preset, was, ...(logo.value !== "initials" && { logo_colour }), ...(!frame.value && { frame_colour }) };
  }

  take(fields) {
    for (const [name, value] of Object.entries(fields)) {
      if (this.changed.has(name)) continue;
      const control = this.form.elements[name];
      if (control instanceof RadioNodeList) for (const one of control) one.checked = one.value === value;
      else control.value = value;
      if (control.type === "range") control.nextElementSibling.textContent = value + control.nextElementSibling.dataset.unit;
    }
    if (fields.logo_png) this.picture(fields.logo_png);
  }

  picture(png) {
    const now = this.querySelector("[data-logo]");
    now.hidden = false;
    now.querySelector("img").src = `data:image/png;base64,${png}`;
    this.form.picture.value = "";
  }

  fail(status) {
    const isTooFast = status === 429;
    const words = Object.assign(document.createElement("p"), { className: "verdict-words" });
    words.textContent = isTooFast ? this.dataset.wait : this.dataset.failed;
    this.stage.querySelector("[data-verdict]").replaceChildren(words);
    if (isTooFast) this.timer = setTimeout(() => this.draw(), TOO_FAST);
    else say(this.dataset.failed);
  }

  // The browser's own list of suggestions is hard to find on phones: buttons as well.
  suggest() {
    const row = this.querySelector("[data-suggestions]");
    const field = this.form.elements.frame_text;
    row.append(...[...field.list.options].map(({ value }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button is-quiet", textContent: value, dir: "auto" });
      button.addEventListener("click", () => {
        field.value = value;
        this.change(field);
      });
      return button;
    }));
    row.hidden = false;
  }
}

customElements.define("code-designer", CodeDesigner);
