// <picture-viewer>: the pictures of an album one by one on the whole screen; each has the address of its own page.
import { Gestures } from "./gestures.js";
import "./video-player.js";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

class PictureViewer extends HTMLElement {
  connectedCallback() {
    this.tiles = [...this.querySelectorAll("a[data-tile]")];
    this.addEventListener("click", (event) => {
      const place = this.tiles.indexOf(event.target.closest("a[data-tile]"));
      if (place < 0 || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.open(place);
    });
    const asked = this.tiles.findIndex((tile) => location.hash === `#view-${tile.id}`);
    if (asked >= 0) this.open(asked);
    addEventListener("popstate", (event) => {
      const place = this.tiles.findIndex((tile) => tile.pathname === location.pathname);
      if (event.state?.viewer && place >= 0) this.dialog ? this.show(place) : this.open(place, true);
      else this.dialog?.close();
    });
  }

  open(place, isThere = false) {
    this.dialog = this.querySelector("template[data-viewer]").content.firstElementChild.cloneNode(true);
    this.titleBefore = document.title;
    this.sheets = [];
    this.find = (name) => this.dialog.querySelector(`[data-${name}]`);
    this.gestures = new Gestures(this.find("stage"), { step: (by) => this.step(by), close: () => this.dialog.close() });
    this.dialog.addEventListener("click", (event) => this.click(event));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.closed());
    document.body.append(this.dialog);
    if (!isThere) history.pushState({ viewer: true }, "", this.tiles[place].href);
    this.dialog.showModal();
    this.show(place);
  }

  show(place) {
    this.place = place;
    const tile = this.tiles[place];
    const { caption } = tile.dataset;
    const alt = tile.querySelector("picture img")?.alt ?? tile.querySelector("[aria-label]")?.ariaLabel ?? "";
    const words = fill(this.find("place").dataset.words, { number: place + 1, count: this.tiles.length });
    this.find("stage").replaceChildren(this.sheet(place));
    this.gestures.take(this.sheet(place));
    this.find("place").textContent = words;
    this.find("said").textContent = `${words}: ${caption || alt}`;
    this.find("caption").textContent = caption;
    this.find("extra").replaceChildren(...[tile.querySelector("template")?.content.querySelector(".gal-paper")?.cloneNode(true)].filter(Boolean));
    for (const button of this.dialog.querySelectorAll("[data-step]")) button.setAttribute("aria-disabled", String(!this.tiles[place + Number(button.dataset.step)])); // it keeps the focus
    if (!this.dialog.contains(document.activeElement)) this.find("close").focus();
    document.title = `${caption || alt} – ${this.dataset.title}`;
    if (location.href !== tile.href) history.replaceState({ viewer: true }, "", tile.href);
    for (const near of [place + 1, place - 1]) if (this.tiles[near]) this.sheet(near);
  }

  // The tile's picture once more, large; making it begins to load it.
  sheet(place) {
    if (this.sheets[place]) return this.sheets[place];
    const tile = this.tiles[place];
    const sheet = Object.assign(document.createElement("div"), { className: "viewer-sheet" });
    const picture = tile.querySelector(".media-picture, .gal-drawn").cloneNode(true);
    for (const one of picture.querySelectorAll("[sizes]")) one.sizes = "100vw";
    for (const image of picture.querySelectorAll("img")) Object.assign(image, { loading: "eager", draggable: false });
    sheet.append(picture);
    const player = tile.querySelector("template")?.content.querySelector("video-player");
    if (player) sheet.append(document.importNode(player, true));
    this.sheets[place] = sheet;
    return sheet;
  }

  step(by) {
    const there = this.place + by;
    if (!this.tiles[there]) return;
    if (this.sheets[this.place].querySelector(".is-playing")) this.sheets[this.place] = null; // what plays stops
    this.show(there);
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-step]")) this.step(Number(button.dataset.step));
    else if (button.matches("[data-close]")) this.dialog.close();
    else if (button.matches("[data-share]")) this.share(button);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const steps = { ArrowRight: forward, ArrowLeft: -forward, PageDown: 1, PageUp: -1, Home: -this.place, End: this.tiles.length - 1 - this.place };
    const zooms = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, 0: 0 };
    if (event.key in steps) this.step(steps[event.key]);
    else if (event.key in zooms) this.gestures.zoom(zooms[event.key]);
    else return;
    event.preventDefault();
  }

  async share(button) {
    const url = location.href;
    if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {});
    const word = button.querySelector("span");
    const before = word.textContent;
    word.textContent = await navigator.clipboard.writeText(url).then(() => button.dataset.done, () => url);
    this.find("said").textContent = word.textContent;
    return setTimeout(() => { word.textContent = before; }, 2500);
  }

  closed() {
    this.dialog.remove();
    this.dialog = null;
    document.title = this.titleBefore;
    if (history.state?.viewer) history.back();
    const tile = this.tiles[this.place];
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

customElements.define("picture-viewer", PictureViewer);
