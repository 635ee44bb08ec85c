// <picture-crop>: three sliders become a picture that is moved by finger, mouse and keys.
import { fill } from "./words.js";

const STEPS = { ArrowLeft: ["x", 2], ArrowRight: ["x", -2], ArrowUp: ["y", 2], ArrowDown: ["y", -2], "+": ["size", -5], "=": ["size", -5], "-": ["size", 5] };
const SMALLEST = 5;

class PictureCrop extends HTMLElement {
  connectedCallback() {
    this.stage = this.querySelector("[data-stage]");
    this.said = this.querySelector("[data-say]");
    this.ranges = Object.fromEntries([...this.querySelectorAll("input[type=range]")].map((range) => [range.name, range]));
    this.fingers = new Map();
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "group");
    this.stage.setAttribute("aria-label", this.stage.dataset.label);
    this.stage.setAttribute("aria-describedby", "crop-help");
    this.stage.classList.add("is-ready");
    this.stage.style.aspectRatio = this.dataset.ratio;
    this.querySelector("[data-help]").hidden = false;
    this.addEventListener("input", () => this.draw());
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.touch(event));
    this.stage.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.stage);
    const picture = this.stage.querySelector("img");
    if (picture) this.watch(picture);
  }

  disconnectedCallback() { this.resized.disconnect(); }

  show(source) {
    this.stage.style.aspectRatio = this.dataset.ratio;
    const picture = Object.assign(document.createElement("img"), { src: source, alt: "", draggable: false });
    this.stage.replaceChildren(picture);
    this.watch(picture);
  }

  watch(picture) {
    this.picture = picture;
    picture.addEventListener("load", () => this.draw());
    this.draw();
  }

  // The part fills the stage; the picture lies under it, larger, moved.
  draw() {
    const { naturalWidth: width, naturalHeight: height } = this.picture ?? {};
    const room = this.stage.clientWidth;
    if (!width || !room) return;
    const ratio = Number(this.dataset.ratio);
    const part = Math.min(1, (height * ratio) / width) * (Number(this.ranges.size.value) / 100);
    this.drawn = { width: room / part, height: (room / part) * (height / width) };
    this.free = { x: this.drawn.width - room, y: this.drawn.height - room / ratio };
    Object.assign(this.picture.style, {
      width: `${this.drawn.width}px`,
      transform: `translate(${-this.free.x * this.ranges.x.value / 100}px, ${-this.free.y * this.ranges.y.value / 100}px)`,
    });
  }

  set(name, value) {
    const { min, max } = this.ranges[name];
    this.ranges[name].step = "any";
    this.ranges[name].value = Math.min(Number(max), Math.max(Number(min), value));
  }

  by(name, step) { this.set(name, Number(this.ranges[name].value) + step); }

  key(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [name, by] = step;
    this.by(name, by);
    this.draw();
    this.tell(name === "size");
  }

  wheel(event) {
    event.preventDefault();
    this.by("size", Math.sign(event.deltaY) * 3);
    this.draw();
  }

  touch(event) {
    event.preventDefault();
    this.stage.focus();
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before || !this.free) return;
    const spread = this.spread();
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) this.set("size", Math.max(SMALLEST, this.ranges.size.value * (spread / this.spread())));
    const share = 1 / this.fingers.size;
    if (this.free.x > 0) this.by("x", ((before[0] - event.clientX) / this.free.x) * 100 * share);
    if (this.free.y > 0) this.by("y", ((before[1] - event.clientY) / this.free.y) * 100 * share);
    this.draw();
  }

  spread() {
    const [first, second] = [...this.fingers.values()];
    return second ? Math.hypot(first[0] - second[0], first[1] - second[1]) || 1 : 1;
  }

  tell(isZoom) {
    const number = (name) => Math.round(this.ranges[name].value);
    const percent = Math.round(10_000 / this.ranges.size.value);
    this.said.textContent = isZoom ? fill(this.dataset.zoom, { percent }) : fill(this.dataset.place, { x: number("x"), y: number("y") });
  }
}

customElements.define("picture-crop", PictureCrop);
