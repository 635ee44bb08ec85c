// <colour-field>: a colour to be picked beside its digits; empty it is the theme's own, which the page says in grey.
const HEX = /^#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

function sixDigits(text) {
  const digits = HEX.exec(text.trim())?.[1];
  if (!digits) return "";
  return `#${digits.length < 6 ? [...digits.slice(0, 3)].map((digit) => digit + digit).join("") : digits.slice(0, 6)}`.toLowerCase();
}

class ColourField extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("input[name]");
    this.well = this.querySelector("[data-well]");
    this.reset = this.querySelector("[data-reset]");
    this.well.hidden = false;
    this.well.addEventListener("input", () => {
      this.text.value = this.well.value;
      this.show();
    });
    this.text.addEventListener("input", () => this.show());
    this.reset.addEventListener("click", () => {
      this.text.value = "";
      this.text.focus();
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.closest("card-editor").addEventListener("card-saved", (event) => {
      this.text.placeholder = event.detail.own_colours[this.text.name];
      this.show();
    });
    this.show();
  }

  show() {
    this.reset.hidden = this.text.value === "";
    this.well.value = sixDigits(this.text.value || this.text.placeholder) || this.well.value;
  }
}

customElements.define("colour-field", ColourField);
