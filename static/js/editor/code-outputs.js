// <code-outputs>: copies the code as a picture and writes its address to a tag, where the browser can.
import { say } from "./words.js";

const told = (button, text) => {
  const word = button.querySelector("span");
  button.dataset.word ??= word.textContent;
  word.textContent = text;
  say(text);
  clearTimeout(button.timer);
  return word;
};

const toldForAWhile = (button, text) => {
  const word = told(button, text);
  button.timer = setTimeout(() => { word.textContent = button.dataset.word; }, 2500);
};

class CodeOutputs extends HTMLElement {
  connectedCallback() {
    const copy = this.querySelector("[data-copy-picture]");
    if (copy && window.ClipboardItem && navigator.clipboard?.write) this.offer(copy, () => this.copy(copy.dataset.copyPicture));
    const tag = this.querySelector("[data-tag]");
    if (tag && "NDEFReader" in window) this.offer(tag, () => this.write(tag));
  }

  offer(button, act) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await act();
        toldForAWhile(button, button.dataset.done);
      } catch {
        toldForAWhile(button, button.dataset.failed);
      }
    });
  }

  // The picture is promised, not awaited: Safari asks that the click itself writes.
  copy(address) {
    const picture = fetch(address).then((response) => {
      if (!response.ok) throw new Error(response.statusText);
      return response.blob();
    });
    return navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
  }

  write(button) {
    told(button, button.dataset.hold);
    return new window.NDEFReader().write({ records: [{ recordType: "url", data: button.dataset.tag }] });
  }
}

customElements.define("code-outputs", CodeOutputs);
