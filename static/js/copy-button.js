// <copy-button data-done="Copied"><button type="button" hidden data-copy="text">Copy</button></copy-button>
import { copy } from "./copy-text.js";

class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const word = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.textContent = (await copy(button.dataset.copy)) ? this.dataset.done : button.dataset.copy;
      setTimeout(() => { button.textContent = word; }, 2500);
    });
  }
}

customElements.define("copy-button", CopyButton);
