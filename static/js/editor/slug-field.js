// <slug-field>: says while it is typed whether the card may have the address.
import { fill } from "./words.js";

class SlugField extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const answer = this.querySelector("[data-answer]");
    const free = this.querySelector("[data-free]");
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(async () => {
        const asked = field.value;
        const response = await fetch(`${this.dataset.url}?slug=${encodeURIComponent(asked)}`).catch(() => null);
        if (!response?.ok || field.value !== asked) return;
        const found = await response.json();
        answer.textContent = asked ? found.text : "";
        answer.classList.toggle("is-doubtful", !found.ok);
        free.hidden = found.ok || !found.slug || !asked;
        free.textContent = fill(this.dataset.take, { slug: found.slug });
        free.dataset.slug = found.slug;
      }, 350);
    });
    free.addEventListener("click", () => {
      field.value = free.dataset.slug;
      free.hidden = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}

customElements.define("slug-field", SlugField);
