// <before-after>: two pictures, one over the other, and a slider that shows more of the one or the other.
class BeforeAfter extends HTMLElement {
  connectedCallback() {
    const slider = this.querySelector("input");
    slider.closest("[hidden]").hidden = false;
    this.classList.add("is-ready");
    const show = () => this.style.setProperty("--split", `${slider.value}%`);
    slider.addEventListener("input", show);
    show();
  }
}

customElements.define("before-after", BeforeAfter);
