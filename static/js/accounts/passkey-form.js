// Asks the browser for a passkey when its form is sent, and sends the answer with it.
// <passkey-form data-question="address that gives the options" [data-new]> around a hidden form with a field named answer,
// and a part with data-without that says what there is else.
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return;
    this.form = this.querySelector("form");
    this.form.hidden = false;
    this.querySelector("[data-without]").hidden = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.answer();
    });
  }

  async answer() {
    const button = this.form.querySelector("button");
    const trouble = this.form.querySelector("[data-trouble]");
    button.disabled = true;
    trouble.hidden = true;
    try {
      const options = await this.ask();
      if (!options) return;
      const credential = "new" in this.dataset
        ? await navigator.credentials.create({ publicKey: fromJSON(options) })
        : await navigator.credentials.get({ publicKey: fromJSON(options) });
      this.form.elements.answer.value = JSON.stringify(toJSON(credential));
      this.form.submit();
    } catch {
      trouble.hidden = false;
    } finally {
      button.disabled = false;
    }
  }

  async ask() {
    const body = new URLSearchParams({ csrf_token: this.form.elements.csrf_token.value });
    const answer = await fetch(this.dataset.question, { method: "POST", body });
    if (answer.redirected) location.assign(answer.url); // somebody has to show first who they are
    else if (answer.ok) return answer.json();
    else throw new Error(answer.status);
  }
}

// What PublicKeyCredential.parseCreationOptionsFromJSON and toJSON do, for browsers from before 2025.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fromJSON(options) {
  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const read = { ...options, challenge: bytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: bytes(options.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) if (options[name]) read[name] = known(options[name]);
  return read;
}

function toJSON(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  const { id, type } = credential;
  return { id, type, rawId: text(credential.rawId), response, clientExtensionResults: {} };
}

customElements.define("passkey-form", PasskeyForm);
