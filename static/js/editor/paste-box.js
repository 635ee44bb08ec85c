// <paste-box>: any address, handle or number becomes a row of the right list.
import { fill, say } from "./words.js";

const LISTS = { link: ["links", "handle"], phone: ["phones", "number"], email: ["emails", "address"], website: ["websites", "url"] };

class PasteBox extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.wrong = this.querySelector(".field-error");
    this.said = this.querySelector("[data-said]");
    this.editor = this.closest("card-editor");
    this.querySelector("button").addEventListener("click", (event) => this.take(event));
    this.field.addEventListener("paste", () => setTimeout(() => this.take()));
    this.field.addEventListener("keydown", (event) => event.key === "Enter" && this.take(event));
  }

  async take(event) {
    event?.preventDefault();
    const text = this.field.value.trim();
    if (!text || this.isBusy) return;
    this.isBusy = true;
    const found = await this.ask(text);
    this.isBusy = false;
    this.wrong.textContent = this.said.textContent = "";
    if (!found || found.sort === "refused") {
      this.wrong.textContent = found ? found.reason : this.dataset.failed;
      return say(this.wrong.textContent);
    }
    this.field.value = "";
    if (found.sort === "unknown") this.askForNetwork(text, found.reason);
    else this.put(found);
  }

  async ask(text) {
    const body = new URLSearchParams({ csrf_token: this.editor.token, paste: text, country: this.editor.form.elements.country.value });
    try {
      const response = await fetch(this.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  put(found) {
    const [name, part] = LISTS[found.sort];
    const list = this.list(name);
    const row = list.add({ [part]: found.value, ...(found.sort === "link" ? { network: found.network } : {}) });
    dress(row);
    list.changed();
    this.said.textContent = fill(this.dataset[found.sort], { name: list.nameOf(row) });
    say(this.said.textContent);
    this.field.focus();
  }

  askForNetwork(text, reason) {
    const row = this.list("links").add({ handle: text });
    this.said.textContent = reason;
    say(reason);
    row.querySelector("select").focus();
  }

  list(name) { return this.editor.querySelector(`sortable-list[data-list="${name}"]`); }
}

// A link's row shows the icon of its network and says what is expected.
export function dress(row) {
  const select = row.querySelector("select[name$='-network']");
  const network = select?.value && document.getElementById("networks").content.querySelector(`[data-network="${CSS.escape(select.value)}"]`);
  if (!network) return;
  row.querySelector("[data-icon]").replaceChildren(network.firstElementChild.cloneNode(true));
  row.querySelector(".field-hint").textContent = network.dataset.expects;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("select[name$='-network']")) dress(event.target.closest("[data-row]"));
});

customElements.define("paste-box", PasteBox);
