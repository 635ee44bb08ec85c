// <basket-form>: a changed quantity is sent at once, and the basket drawn anew in its place.
class BasketForm extends HTMLElement {
  connectedCallback() {
    this.classList.add("is-live");
    this.addEventListener("change", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), 500);
    });
    this.addEventListener("submit", () => clearTimeout(this.timer));
  }

  async send() {
    const form = this.querySelector("form[data-basket]");
    if (!form.reportValidity()) return;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
    if (!answer?.ok) return form.requestSubmit(form.querySelector("[data-update]"));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("basket-form");
    if (!fresh) return;
    const focused = document.activeElement?.id;
    this.replaceChildren(...fresh.childNodes);
    if (focused) document.getElementById(focused)?.focus();
    const link = page.querySelector("basket-link");
    if (link) document.querySelector("basket-link").replaceWith(link);
  }
}

customElements.define("basket-form", BasketForm);
