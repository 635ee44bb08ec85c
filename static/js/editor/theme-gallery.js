// <theme-gallery>: the owner's card in every theme. A picture is loaded when it comes into view, and anew when the card has changed since.
class ThemeGallery extends HTMLElement {
  connectedCallback() {
    this.state = 0; // of the card, counted
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) this.load(target);
    });
    for (const view of this.querySelectorAll("[data-src]")) this.seen.observe(view);
    const editor = this.closest("card-editor");
    editor.addEventListener("input", (event) => { this.isOld ||= event.target.name !== "design-theme"; });
    editor.addEventListener("change", (event) => { this.isOld ||= event.target.name !== "design-theme"; });
    editor.addEventListener("card-saved", () => {
      if (this.isOld) this.state += 1;
      this.isOld = false;
    });
  }

  load(view) {
    if (view.dataset.drawn === String(this.state)) return;
    view.dataset.drawn = this.state;
    const frame = Object.assign(document.createElement("iframe"), { src: view.dataset.src, tabIndex: -1, scrolling: "no", title: view.dataset.title });
    frame.addEventListener("load", () => { while (frame.nextSibling) frame.nextSibling.remove(); }); // a new frame, so that the browser's way back stays free of pictures
    view.prepend(frame);
  }
}

customElements.define("theme-gallery", ThemeGallery);
