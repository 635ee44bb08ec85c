// <copy-button data-done="Copied"><button type="button" hidden data-copy="text">Copy</button></copy-button>
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

// The clipboard belongs to HTTPS; over plain HTTP the old way still works.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

customElements.define("copy-button", CopyButton);
