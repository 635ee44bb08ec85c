// <add-form data-shop data-price data-currency data-digits><form>…: lays things in without leaving the page, and says the price
// of what is chosen. Whatever goes wrong is left to the form itself, whose answer says it.
import { keep } from "./basket-link.js";

class AddForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.said = this.querySelector(".added");
    this.form.addEventListener("submit", (event) => this.send(event));
    if (this.dataset.price) this.form.addEventListener("input", () => this.reckon());
    if (this.dataset.price) this.reckon();
  }

  async send(event) {
    const button = event.submitter;
    if (this.isSent || this.isBusy) {
      if (this.isBusy) event.preventDefault();
      return;
    }
    event.preventDefault();
    this.isBusy = true;
    const body = new URLSearchParams(new FormData(this.form));
    if (button?.name) body.set(button.name, button.value);
    const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    this.isBusy = false;
    if (!answer?.ok) return this.leave(button);
    const { pieces, said } = await answer.json();
    keep(this.dataset.shop, pieces);
    this.say(said, button);
  }

  leave(button) {
    this.isSent = true;
    this.form.requestSubmit(button);
    this.isSent = false;
  }

  say(text, button) {
    this.said.hidden = false;
    this.said.querySelector("span").textContent = text;
    if (button?.matches(".add")) this.mark(button, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.said.hidden = true;
      for (const one of this.querySelectorAll(".is-added")) this.mark(one, false);
    }, 6000);
  }

  mark(button, isAdded) {
    button.classList.toggle("is-added", isAdded);
    button.querySelector("use").setAttribute("href", isAdded ? "#i-check" : "#i-plus");
  }

  reckon() {
    const { price, currency, digits } = this.dataset;
    const chosen = [...this.form.querySelectorAll("[data-difference]:checked")];
    const unit = Math.max(0, chosen.reduce((sum, one) => sum + Number(one.dataset.difference), Number(price)));
    const quantity = Number(this.form.elements.quantity.value) || 1;
    const sum = this.querySelector(".buy-sum");
    sum.hidden = false;
    sum.textContent = amount(unit * quantity, currency, digits);
  }
}

export function amount(minor, currency, digits) {
  const exact = { style: "currency", currency, minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits) };
  return new Intl.NumberFormat(document.documentElement.lang, exact).format(minor / 10 ** digits);
}

customElements.define("add-form", AddForm);
