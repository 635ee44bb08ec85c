// <picture-uploader>: many files at once, in parts; each can be cancelled and tried again, and goes on after a lost connection.
import { fill, say } from "../editor/words.js";

const AT_ONCE = 2;
const HASHED = 30_000_000; // bytes up to which the server is asked whether it has the file already
const WAITS = [1000, 2000, 4000, 8000, 15000, 15000, 15000, 30000]; // milliseconds between two tries
const KEPT = "vcardapp-uploads"; // what was under way when the page was left

class Refused extends Error {}
class Gone extends Error {}

const kept = () => JSON.parse(localStorage.getItem(KEPT) ?? "{}");
const nameOf = (file) => `${file.name}|${file.size}|${file.lastModified}`;

function keep(file, url) {
  const all = kept();
  if (url) all[nameOf(file)] = url;
  else delete all[nameOf(file)];
  localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(Object.entries(all).slice(-100))));
}

class PictureUploader extends HTMLElement {
  connectedCallback() {
    this.file = this.querySelector("input[type=file]");
    this.token = this.querySelector("[name=csrf_token]").value;
    this.list = this.querySelector("[data-uploads]");
    this.queue = [];
    this.running = 0;
    this.added = 0;
    this.classList.add("is-ready");
    this.querySelector("[data-drop]").hidden = false;
    this.querySelector("[data-choose]").addEventListener("click", () => this.file.click());
    this.file.addEventListener("change", () => {
      this.take(this.file.files);
      this.file.value = "";
    });
    for (const news of ["dragover", "dragleave", "drop"]) this.addEventListener(news, (event) => this.drag(event));
    addEventListener("beforeunload", (event) => {
      if (this.running || this.queue.length) event.preventDefault();
    });
  }

  drag(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.take(event.dataTransfer.files);
  }

  take(files) {
    for (const file of files) {
      const upload = new Upload(this, file);
      this.list.append(upload.row);
      this.queue.push(upload);
    }
    this.next();
  }

  async next() {
    while (this.running < AT_ONCE && this.queue.length) {
      this.running += 1;
      this.queue.shift().run().finally(() => {
        this.running -= 1;
        this.next();
      });
    }
    if (!this.running && !this.queue.length && this.added) {
      say(fill(this.dataset.done, { count: this.added }));
      this.added = 0;
    }
  }

  async attach(id) {
    const answer = await this.ask(this.dataset.attach, { method: "POST", body: new URLSearchParams({ file_id: id }) });
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    document.body.append(...holder.content.querySelectorAll("svg[display]"));
    document.querySelector("album-editor").add(holder.content.querySelector("[data-row]"));
    this.added += 1;
  }

  // Raises Refused with words for the owner, Gone for 404, and TypeError for a lost connection.
  async ask(url, options) {
    const answer = await fetch(url, { ...options, headers: { "X-CSRFToken": this.token, Accept: "application/json", ...options.headers } });
    await this.check(answer.status, answer.redirected, () => answer.json());
    return answer;
  }

  async check(status, isElsewhere, read) {
    if (isElsewhere) throw new Refused(this.dataset.away);
    if (status === 404) throw new Gone();
    if (status === 503) throw new Refused(this.dataset.full);
    if (status < 400) return;
    const { error } = await Promise.resolve().then(read).catch(() => ({}));
    throw new Refused(error || this.dataset.failed);
  }
}

class Upload {
  constructor(owner, file) {
    this.owner = owner;
    this.file = file;
    this.row = owner.querySelector("template").content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = file.name;
    this.retry = this.row.querySelector("[data-retry]");
    this.retry.addEventListener("click", () => {
      this.retry.hidden = true;
      this.tell(owner.dataset.waits);
      owner.queue.push(this);
      owner.next();
    });
    this.row.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
    this.tell(owner.dataset.waits);
  }

  async run() {
    if (this.isCancelled) return;
    let tries = 0;
    while (!this.isCancelled) {
      const before = this.offset ?? 0;
      try {
        const id = await this.send();
        if (this.isCancelled) return;
        await this.owner.attach(id);
        keep(this.file, "");
        this.row.remove();
        return;
      } catch (problem) {
        if (this.isCancelled) return;
        if (problem instanceof Refused) return this.fail(problem.message);
        if (problem instanceof Gone) {
          keep(this.file, "");
          this.url = null;
        }
        tries = (this.offset ?? 0) > before ? 0 : tries + 1;
        if (tries > WAITS.length) return this.fail(this.owner.dataset.failed);
        this.tell(this.owner.dataset.lost);
        await this.pause(WAITS[Math.max(0, tries - 1)]);
      }
    }
  }

  // Returns the id of the file once all of it is there.
  async send() {
    this.url ??= kept()[nameOf(this.file)];
    const stand = this.url ? await this.stand() : await this.begin();
    if (stand.file) return stand.file.id;
    this.offset = stand.offset;
    while (!this.isCancelled) {
      const file = await this.part(this.offset);
      if (file) return file.id;
    }
    return null;
  }

  async begin() {
    const { name, size } = this.file;
    const body = new URLSearchParams({ name, size });
    if (size <= HASHED && crypto.subtle) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await this.file.arrayBuffer()));
      body.set("sha256", [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
    }
    const answer = await this.owner.ask(this.owner.dataset.begin, { method: "POST", body });
    const stand = await answer.json();
    if (stand.url) {
      this.url = stand.url;
      this.most = stand.part;
      keep(this.file, this.url);
    }
    return stand;
  }

  async stand() {
    return (await this.owner.ask(this.url, {})).json();
  }

  // XMLHttpRequest tells how much has gone out; fetch does not.
  part(offset) {
    const data = this.file.slice(offset, offset + (this.most ?? 4_000_000));
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("PATCH", this.url);
      request.responseType = "json";
      const headers = { "X-CSRFToken": this.owner.token, Accept: "application/json", "Upload-Offset": offset, "Content-Type": "application/octet-stream" };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => this.progress(offset + event.loaded);
      request.onerror = () => reject(new TypeError("lost"));
      request.onabort = () => resolve(null);
      request.onload = () => {
        const { status, response } = request;
        if (status === 409 && Number.isInteger(response?.offset)) {
          this.offset = response.offset;
          return resolve(null);
        }
        return this.owner.check(status, !request.responseURL.endsWith(this.url), () => response ?? {}).then(() => {
          this.offset = response.offset;
          this.progress(this.offset);
          resolve(response.file);
        }).catch(reject);
      };
      request.send(data);
    });
  }

  progress(sent) {
    const part = Math.min(100, Math.floor((sent / this.file.size) * 100));
    this.row.querySelector("[data-progress]").value = part;
    this.tell(part < 100 ? fill(this.owner.dataset.sends, { part }) : this.owner.dataset.arrived);
  }

  // Waits, or until the browser says that it is back in the network.
  pause(time) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }

  cancel() {
    this.isCancelled = true;
    this.request?.abort();
    if (this.url) fetch(this.url, { method: "DELETE", headers: { "X-CSRFToken": this.owner.token } }).catch(() => {});
    keep(this.file, "");
    this.owner.queue = this.owner.queue.filter((upload) => upload !== this);
    const next = this.row.nextElementSibling?.querySelector("[data-cancel]") ?? this.owner.querySelector("[data-choose]");
    this.row.remove();
    next.focus();
  }

  tell(text, isWrong = false) {
    const state = this.row.querySelector("[data-state]");
    state.textContent = text;
    state.className = isWrong ? "upload-state field-error" : "upload-state";
  }

  fail(text) {
    this.tell(text, true);
    this.retry.hidden = false;
    say(`${this.file.name}: ${text}`);
  }
}

customElements.define("picture-uploader", PictureUploader);
