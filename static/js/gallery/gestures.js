// Fingers, pens and mice on a picture: swipe to the next one, pull down to close, pinch or tap twice to look closer.
const FAR = 60; // pixels of a swipe
const MOST = 5; // times larger
const TWICE = 300; // milliseconds between two taps

export class Gestures {
  constructor(stage, { step, close }) {
    Object.assign(this, { stage, step, close, fingers: new Map(), lastTap: 0 });
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.up(event));
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  // A new picture lies on the stage.
  take(sheet) {
    this.sheet = sheet;
    this.fingers.clear();
    this.set(1, 0, 0);
  }

  set(size, x, y, isSmooth = false) {
    const { width, height } = this.stage.getBoundingClientRect();
    const least = size === 1 ? [x, y] : [Math.abs(x) > (width * (size - 1)) / 2 ? Math.sign(x) * (width * (size - 1)) / 2 : x, Math.abs(y) > (height * (size - 1)) / 2 ? Math.sign(y) * (height * (size - 1)) / 2 : y];
    [this.size, this.x, this.y] = [size, ...least];
    this.sheet.classList.toggle("is-moving", isSmooth);
    this.sheet.style.transform = size === 1 && !x && !y ? "" : `translate(${this.x}px, ${this.y}px) scale(${size})`;
  }

  // Makes it so many times larger around a point of the stage, 0: as it was.
  zoom(times, at = this.middle(), isSmooth = true) {
    const size = times ? Math.min(MOST, Math.max(1, this.size * times)) : 1;
    const part = size / this.size;
    if (size === 1) this.set(1, 0, 0, isSmooth);
    else this.set(size, at.x - (at.x - this.x) * part, at.y - (at.y - this.y) * part, isSmooth);
  }

  middle() { return { x: 0, y: 0 }; }

  // Where a pointer is, from the middle of the stage.
  at(event) {
    const box = this.stage.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  down(event) {
    if (event.target.closest("a, button, video, iframe") || event.button) return;
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.at(event));
    this.begin();
  }

  begin() {
    const [one, two] = [...this.fingers.values()];
    this.from = one && { ...one, size: this.size, sheetX: this.x, sheetY: this.y };
    this.apart = two && Math.hypot(one.x - two.x, one.y - two.y);
    if (two) this.between = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, this.at(event));
    const [one, two] = [...this.fingers.values()];
    if (two) {
      const now = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
      const size = Math.min(MOST, Math.max(1, (this.from.size * Math.hypot(one.x - two.x, one.y - two.y)) / this.apart));
      const part = size / this.from.size;
      this.set(size, now.x - (this.between.x - this.from.sheetX) * part, now.y - (this.between.y - this.from.sheetY) * part);
    } else this.set(this.size, this.from.sheetX + one.x - this.from.x, this.from.sheetY + one.y - this.from.y);
  }

  up(event) {
    const here = this.fingers.get(event.pointerId);
    if (!here) return;
    const wasAlone = this.fingers.size === 1;
    this.fingers.delete(event.pointerId);
    if (wasAlone && event.type === "pointerup") this.decide(here, event.timeStamp);
    else if (wasAlone) this.zoom(this.size === 1 ? 0 : 1);
    this.begin();
  }

  decide(here, time) {
    const [x, y] = [here.x - this.from.x, here.y - this.from.y];
    if (Math.hypot(x, y) < 10) {
      if (time - this.lastTap < TWICE) this.zoom(this.size > 1 ? 0 : 2.5, here);
      this.lastTap = time;
    } else if (this.size > 1) return;
    else if (Math.abs(x) > FAR && Math.abs(x) > Math.abs(y)) {
      const forward = document.documentElement.dir === "rtl" ? 1 : -1;
      this.set(1, 0, 0, true);
      this.step(Math.sign(x) * forward);
    } else if (y > 2 * FAR) this.close();
    else this.set(1, 0, 0, true);
  }

  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 100), this.at(event), false);
  }
}
