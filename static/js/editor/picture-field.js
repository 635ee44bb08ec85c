// <picture-field>: sends a picture at once, says how far it is and what is wrong, then lets it be cut.
import { say } from "./words.js";

const LARGEST = 15_000_000;

class PictureField extends HTMLElement {
  connectedCallback() {
    this.editor = this.closest("card-editor");
    this.file = this.querySelector("input[type=file]");
    this.frame = this.querySelector("[data-frame]");
    this.wrong = this.querySelector(".field-error");
    this.progress = this.querySelector("[data-progress]");
    this.chooser = this.querySelector("[data-choose]");
    this.cropper = this.querySelector("[data-crop]");
    this.forgetter = this.querySelector("[data-forget]");
    this.chooser.hidden = false;
    this.classList.add("is-ready");
    this.chooser.addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => this.send(this.file.files[0]));
    this.forgetter.addEventListener("click", (event) => this.forget(event));
    this.cropper?.addEventListener("click", (event) => {
      event.preventDefault();
      this.crop();
    });
    this.addEventListener("dragover", (event) => this.over(event, true));
    this.addEventListener("dragleave", (event) => this.over(event, false));
    this.addEventListener("drop", (event) => {
      this.over(event, false);
      this.send(event.dataTransfer.files[0]);
    });
  }

  over(event, isOver) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.classList.toggle("is-over", isOver);
  }

  async send(file) {
    if (!file) return;
    this.tell("", "");
    if (file.size > LARGEST) return this.tell("", this.dataset.large);
    const answer = await this.post({ file });
    this.file.value = "";
    if (!answer) return;
    this.show(answer);
    this.tell(this.dataset.done);
    if (answer.crop) this.crop();
  }

  // Sends the picture itself, or which stored one is shown from now on.
  post(values) {
    return this.editor.inOrder(() => new Promise((resolve) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf_token: this.editor.token, sort: this.dataset.sort, ...values })) body.append(name, value);
      const request = new XMLHttpRequest();
      const fail = (text) => {
        this.tell("", text);
        resolve(null);
      };
      request.open("POST", this.dataset.url);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        const part = Math.round((event.loaded / event.total) * 100);
        this.tell(part < 100 ? `${this.dataset.sending} ${part} %` : this.dataset.working);
      };
      request.onerror = () => fail(this.dataset.failed);
      request.onload = () => {
        if (request.status === 200) resolve(request.response);
        else fail(request.status === 413 ? this.dataset.large : request.response?.error ?? this.dataset.failed);
      };
      this.frame.classList.add("is-busy");
      request.onloadend = () => this.frame.classList.remove("is-busy");
      request.send(body);
    }));
  }

  show({ revision, url = "", crop = "", original = "" }) {
    this.editor.revision = revision;
    this.frame.querySelector("img")?.remove();
    if (url) this.frame.prepend(Object.assign(document.createElement("img"), { src: url, alt: "" }));
    this.chooser.textContent = url ? this.chooser.dataset.replace : this.chooser.dataset.choose;
    this.forgetter.hidden = !url;
    if (this.cropper) Object.assign(this.cropper, { hidden: !url, href: crop }).dataset.original = original;
    this.editor.changes += 1; // the next save tells the sections and the living card
    this.editor.save();
  }

  async forget(event) {
    event.preventDefault();
    const before = this.frame.querySelector("img").src.split("/").at(-2);
    const answer = await this.post({ picture: "" });
    if (!answer) return;
    this.show(answer);
    this.tell(this.dataset.removed);
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "text-button", textContent: this.dataset.undo });
    undo.addEventListener("click", async () => {
      const back = await this.post({ picture: before });
      if (!back) return;
      this.show(back);
      this.tell("");
      this.forgetter.focus();
    });
    this.progress.append(undo);
    undo.focus();
  }

  crop() {
    const dialog = document.getElementById("crop-dialog").content.firstElementChild.cloneNode(true);
    const cut = dialog.querySelector("picture-crop");
    const form = dialog.querySelector("form");
    cut.dataset.ratio = this.dataset.ratio;
    form.action = this.cropper.href;
    document.body.append(dialog);
    cut.show(this.cropper.dataset.original);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = new FormData(form);
      const request = { method: "POST", body, headers: { Accept: "application/json" } };
      const response = await this.editor.inOrder(() => fetch(form.action, request).catch(() => null));
      dialog.close();
      if (!response?.ok) return this.tell("", this.dataset.failed);
      this.show(await response.json());
      return this.tell(this.dataset.done);
    });
    dialog.showModal();
    dialog.querySelector("[data-stage]").focus();
  }

  tell(text, wrong = "") {
    this.progress.textContent = text;
    this.wrong.textContent = wrong;
    if (wrong) say(wrong);
  }
}

customElements.define("picture-field", PictureField);
