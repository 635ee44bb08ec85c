// <checkout-form data-subtotal data-currency data-digits data-free data-open>: the total follows the chosen way of delivery.
import { amount } from "./add-form.js";

class CheckoutForm extends HTMLElement {
  connectedCallback() {
    this.classList.add("is-live");
    this.addEventListener("change", () => this.reckon());
    this.querySelector("[aria-invalid]")?.focus();
    this.reckon();
  }

  reckon() {
    const way = this.querySelector("[name=delivery]:checked");
    if (!way) return;
    const select = way.parentElement.querySelector("select");
    const fee = way.dataset.fee || select?.selectedOptions[0]?.dataset.fee;
    const { subtotal, currency, digits, free, open } = this.dataset;
    const words = fee ? (Number(fee) ? amount(Number(fee), currency, digits) : free) : open;
    this.querySelector("[data-fee-shown]").textContent = words;
    this.querySelector("[data-total]").textContent = amount(Number(subtotal) + Number(fee ?? 0), currency, digits);
  }
}

customElements.define("checkout-form", CheckoutForm);
