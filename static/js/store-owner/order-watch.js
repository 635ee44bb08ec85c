// <order-watch>: looks quietly whether orders have come or changed, and then shows the list anew; a reload link does the same.
import { say } from "../editor/words.js";

const EVERY = 15_000;

class OrderWatch extends HTMLElement {
  connectedCallback() {
    this.mark = this.dataset.mark;
    this.timer = setInterval(() => document.hidden || this.look(), EVERY);
    this.back = () => document.hidden || this.look();
    document.addEventListener("visibilitychange", this.back);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.back);
  }

  async look() {
    const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const { mark, waiting } = await answer.json();
    if (mark === this.mark) return;
    const page = await fetch(location.href).catch(() => null);
    if (!page?.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const part of ["[data-live]", ".shop-ways"]) document.querySelector(part).replaceWith(fresh.querySelector(part));
    if (waiting > Number(this.dataset.waiting)) say(this.dataset.news);
    this.mark = mark;
    this.dataset.waiting = waiting;
  }
}

customElements.define("order-watch", OrderWatch);
