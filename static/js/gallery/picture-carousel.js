// <picture-carousel>: a strip that scrolls by itself only when asked to, by finger, keys or these buttons.
class PictureCarousel extends HTMLElement {
  connectedCallback() {
    this.strip = this.querySelector(".gal-strip");
    this.steps = this.querySelector(".gal-steps");
    this.words = this.querySelector("[data-place]");
    this.steps.hidden = this.strip.children.length < 2;
    this.steps.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      if (step) this.go(this.place() + Number(step));
    });
    this.strip.addEventListener("scroll", () => this.tell(), { passive: true });
    this.tell();
  }

  place() {
    const edge = (one) => (getComputedStyle(this.strip).direction === "rtl" ? -one.getBoundingClientRect().right : one.getBoundingClientRect().left);
    const start = edge(this.strip);
    const far = [...this.strip.children].map((one) => Math.abs(edge(one) - start));
    const isAtEnd = Math.abs(this.strip.scrollLeft) + this.strip.clientWidth >= this.strip.scrollWidth - 2;
    return isAtEnd ? far.length - 1 : far.indexOf(Math.min(...far));
  }

  go(place) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.strip.children[place]?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest", inline: "start" });
  }

  tell() {
    const place = this.place();
    const count = this.strip.children.length;
    this.words.textContent = this.words.dataset.words.replace("{number}", place + 1).replace("{count}", count);
    for (const button of this.querySelectorAll("[data-step]")) {
      const there = place + Number(button.dataset.step);
      button.setAttribute("aria-disabled", String(there < 0 || there >= count));
    }
  }
}

customElements.define("picture-carousel", PictureCarousel);
