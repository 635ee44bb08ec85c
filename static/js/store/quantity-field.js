// <quantity-field data-less="One less" data-more="One more"><input type="number">: buttons on both sides of the number.
class QuantityField extends HTMLElement {
  connectedCallback() {
    if (this.classList.contains("is-stepped")) return;
    this.input = this.querySelector("input");
    this.classList.add("is-stepped");
    this.prepend(this.button("−", this.dataset.less, -1));
    this.append(this.button("+", this.dataset.more, 1));
    this.input.addEventListener("input", () => this.limit());
    this.limit();
  }

  button(sign, label, by) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
    button.setAttribute("aria-label", `${label}: ${this.input.getAttribute("aria-label")}`);
    button.addEventListener("click", () => {
      const { min, max, value } = this.input;
      this.input.value = Math.min(Number(max), Math.max(Number(min), (Number(value) || 0) + by));
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  }

  limit() {
    const { min, max, value } = this.input;
    this.firstElementChild.disabled = Number(value) <= Number(min);
    this.lastElementChild.disabled = Number(value) >= Number(max);
  }
}

customElements.define("quantity-field", QuantityField);
