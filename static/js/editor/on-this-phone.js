// <on-this-phone data-worker data-scope>: keeps a card, its code and its contact for places without a network, where its owner
// asks for that; offers the browser's own way to the home screen, where it has one.
class OnThisPhone extends HTMLElement {
  async connectedCallback() {
    const install = this.querySelector("[data-install]");
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      install.hidden = false;
      install.onclick = () => event.prompt();
    });
    if (!("serviceWorker" in navigator)) return;
    this.querySelector("[data-needs]").hidden = true;
    this.keepButton = this.querySelector("[data-keep]");
    this.dropButton = this.querySelector("[data-drop]");
    this.state = this.querySelector("[role=status]");
    this.keepButton.addEventListener("click", () => this.keep());
    this.dropButton.addEventListener("click", () => this.drop());
    this.show(await this.known());
  }

  get scope() {
    return new URL(this.dataset.scope, location.href).href;
  }

  async known() {
    const found = await navigator.serviceWorker.getRegistrations();
    return found.find((one) => one.scope === this.scope);
  }

  show(isKept) {
    this.keepButton.hidden = Boolean(isKept);
    this.dropButton.hidden = !isKept;
    this.state.textContent = isKept ? this.dataset.kept : "";
  }

  async keep() {
    this.keepButton.disabled = true;
    try {
      await activated(await navigator.serviceWorker.register(this.dataset.worker, { scope: this.dataset.scope }));
      this.show(true);
    } catch {
      this.state.textContent = this.dataset.failed;
    }
    this.keepButton.disabled = false;
  }

  async drop() {
    await (await this.known())?.unregister();
    await caches.delete(this.scope);
    this.show(false);
  }
}

// A worker that could not fetch what it is to keep never becomes active.
function activated({ installing, waiting, active }) {
  const worker = installing ?? waiting ?? active;
  return new Promise((done, fail) => {
    const look = () => {
      if (worker.state === "activated") done();
      if (worker.state === "redundant") fail(new Error("not kept"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

customElements.define("on-this-phone", OnThisPhone);
