// <card-editor>: saves by itself, says so, never overwrites another window, never loses what was typed.
import { leave, leaveAll, remember, take } from "./answers.js";
import { openField, watchSections } from "./sections.js";
import { fill } from "./words.js";

const PAUSE = 800; // after the last key
const LONGEST_WAIT = 30_000;

class CardEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("#card-form");
    this.changes = this.kept = 0; // counted, so that typing during a save is seen
    this.queue = Promise.resolve();
    this.wait = 0;
    this.words = this.querySelector("[data-state-of-saving]");
    this.banner = this.querySelector("[data-banner]");
    this.querySelector("[data-without-script]").hidden = true;
    this.form.addEventListener("input", (event) => this.touched(event));
    this.form.addEventListener("change", (event) => this.touched(event));
    this.form.addEventListener("focusout", (event) => leave(event.target));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.addEventListener("click", (event) => this.click(event));
    this.querySelector("#start-form").addEventListener("submit", () => this.forget()); // only the guessed time zone
    addEventListener("online", () => this.save());
    addEventListener("pagehide", () => this.leavePage());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    addEventListener("beforeunload", (event) => this.hasFailed && this.isDirty && event.preventDefault());
    remember(this.form);
    watchSections(this);
    this.measureBar();
    this.bringBack();
    if (this.wasTypedInto()) this.touched({ target: this.form });
  }

  // Before this script had come, on a slow network.
  wasTypedInto() {
    return [...this.form.elements].some((control) => {
      if (!control.name || control.name === "paste" || control.type === "file") return false;
      if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
      return control.defaultValue !== undefined && control.type !== "hidden" && control.value !== control.defaultValue;
    });
  }

  get isDirty() { return this.changes !== this.kept; }
  get revision() { return this.form.elements.revision.value; }
  set revision(number) { this.form.elements.revision.value = number; }
  get token() { return this.form.elements.csrf_token.value; }
  get key() { return `draft-${this.dataset.card}`; }

  touched(event) {
    if (event.target.type === "file" || event.target.name === "paste") return;
    if (this.querySelector("[data-starts]")) this.querySelector("[data-starts]").hidden = true;
    this.changes += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // Saves, uploads and crops go one after the other: each needs the revision that the one before it made.
  inOrder(step) {
    this.queue = this.queue.then(step, step);
    return this.queue;
  }

  save(force = false) { return this.inOrder(() => this.send(force)); }

  body() {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && name !== "paste") body.append(name, value);
    return body;
  }

  async send(force) {
    if (!force && (!this.isDirty || this.isInConflict)) return;
    clearTimeout(this.timer);
    const sent = this.changes;
    const body = this.body();
    if (force) body.set("force", "1");
    this.keepCopy(body);
    this.tell(this.dataset.saving);
    this.isSending = true;
    const response = await this.post(body);
    this.isSending = false;
    const answer = response?.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    if (response?.ok) this.saved(answer, sent);
    else if (answer.error === "conflict") this.conflict();
    else if (answer.error === "too-long") this.fail(answer.text);
    else if ([400, 401, 403, 404].includes(response?.status)) this.gone();
    else this.again();
  }

  async post(body) {
    const headers = { Accept: "application/json" };
    const keepalive = body.toString().length < 60_000; // browsers keep no more than 64 KiB alive
    try {
      return await fetch(this.dataset.draft, { method: "POST", body, headers, keepalive });
    } catch {
      return null;
    }
  }

  saved(answer, sent) {
    this.kept = sent;
    this.behind = null;
    this.revision = answer.revision;
    this.wait = 0;
    this.hasFailed = this.isInConflict = false;
    this.banner.replaceChildren();
    if (!this.isDirty) sessionStorage.removeItem(this.key);
    this.tell(fill(this.dataset.saved, { time: answer.saved }));
    take(this.form, answer);
    this.form.elements.slug.placeholder = answer.slug;
    for (const mark of this.querySelectorAll("[data-unpublished]")) mark.hidden = !answer.changed;
    for (const mark of this.querySelectorAll("[data-public]")) mark.hidden = answer.changed;
    this.dispatchEvent(new CustomEvent("card-saved", { detail: answer }));
  }

  again() {
    this.fail(this.dataset.failed);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2 || 2000);
    this.timer = setTimeout(() => this.save(), this.wait);
  }

  fail(text) {
    this.hasFailed = true;
    this.tell(text, true);
  }

  gone() {
    this.fail(this.dataset.failed);
    this.banner.replaceChildren(this.querySelector("template[data-gone]").content.cloneNode(true));
  }

  conflict() {
    this.isInConflict = true;
    this.fail(this.dataset.unsaved);
    this.banner.replaceChildren(this.querySelector("template[data-conflict]").content.cloneNode(true));
  }

  tell(text, isFailed = false) {
    if (this.words.textContent !== text) this.words.textContent = text;
    this.words.classList.toggle("is-failed", isFailed);
  }

  click(event) {
    const button = event.target.closest("button, a");
    if (button?.matches("[data-keep]")) this.keepMine();
    if (button?.matches("[data-other]")) this.reload();
    if (button?.matches("[data-again]")) location.reload();
    if (button?.matches("a[href^='#']:not([data-view])") && openField(this, button.hash.slice(1))) event.preventDefault();
  }

  keepMine() {
    const copy = this.behind;
    if (!copy) return this.save(true);
    return this.inOrder(async () => {
      copy.set("force", "1");
      if ((await this.post(copy))?.ok) this.reload();
    });
  }

  // Everything typed is stored before the page is left by its own button; a second click changes nothing.
  async submit(event) {
    if (this.isLeaving) return this.isReady ? undefined : event.preventDefault();
    event.preventDefault();
    this.isLeaving = true;
    const action = event.submitter?.value;
    await this.save();
    await new Promise((resolve) => { setTimeout(resolve); }); // a form takes no second submit during the first
    if (action === "save" || action === undefined || this.isDirty) {
      leaveAll(this.form);
      this.isLeaving = false;
      return;
    }
    this.isReady = true;
    this.form.requestSubmit(event.submitter);
    setTimeout(() => { this.isReady = this.isLeaving = false; }, 8000);
  }

  leavePage() {
    if (!this.isDirty || this.isInConflict) return;
    const body = this.body();
    this.keepCopy(body);
    if (this.isSending) body.set("revision", Number(this.revision) + 1);
    navigator.sendBeacon(this.dataset.draft, body);
  }

  keepCopy(body) {
    try {
      sessionStorage.setItem(this.key, body.toString());
    } catch {
      // no room, or not allowed: the page itself still holds it
    }
  }

  // What an earlier page of this window could not save.
  async bringBack() {
    const copy = sessionStorage.getItem(this.key);
    if (!copy) return this.guessTimeZone();
    const body = new URLSearchParams(copy);
    body.set("csrf_token", this.token);
    this.form.inert = true; // nobody types into a page that may be old
    const response = await this.inOrder(() => this.post(body));
    this.form.inert = false;
    if (response?.ok) {
      const isNews = String((await response.json()).revision) !== this.revision;
      if (isNews) return this.reload();
      sessionStorage.removeItem(this.key);
      return this.guessTimeZone();
    }
    if (response?.status !== 409) return undefined;
    this.behind = body;
    return this.conflict();
  }

  forget() {
    this.kept = this.changes;
    sessionStorage.removeItem(this.key);
  }

  reload() {
    this.forget();
    location.reload();
  }

  // What has the focus is never under the bar, however high it grows.
  measureBar() {
    const bar = this.querySelector(".bar");
    new ResizeObserver(() => document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);
  }

  guessTimeZone() {
    const select = this.querySelector("[data-time-zone]");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (select.value || ![...select.options].some((option) => option.value === zone)) return;
    select.value = zone;
    this.changes += 1;
    this.timer = setTimeout(() => this.save(), PAUSE);
  }
}

customElements.define("card-editor", CardEditor);
