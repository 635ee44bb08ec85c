// <checkout-form data-subtotal data-currency data-digits data-free>: the total follows the chosen way of delivery.
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
    if (fee === undefined || fee === "") return;
    const { subtotal, currency, digits, free } = this.dataset;
    this.querySelector("[data-fee-shown]").textContent = Number(fee) ? amount(Number(fee), currency, digits) : free;
    this.querySelector("[data-total]").textContent = amount(Number(subtotal) + Number(fee), currency, digits);
  }
}

customElements.define("checkout-form", CheckoutForm);
