/** Lets this device in: by the code that the QR code carried behind #k=, or by the PIN beside it. */
import { element } from "./html.js";
import { language, texts } from "./texts/pair.js";

const CODE = /^#k=([A-Za-z0-9_-]{1,64})$/;

/** What a browser says of its device; good enough to find it in the list of devices. */
function guessedName() {
  const found = /iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux/.exec(navigator.userAgent);
  return texts.devices[found?.[0] ?? "Linux"] ?? texts.device;
}

/** The code of the address, which then leaves the address bar and the history. */
function takeCode() {
  const code = CODE.exec(location.hash)?.[1] ?? "";
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

/** To the page; in its place, where this one stood in for it, so that the screen that was asked for comes. */
function enter() {
  if (location.pathname === "/") location.reload();
  else location.replace("/");
}

/**
 * Asks to be let in; what went wrong in words, or nothing.
 * @param {string} code
 * @param {string} name
 * @returns {Promise<string>}
 */
async function pair(code, name) {
  try {
    const response = await fetch("/api/v1/pair", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, name: name.trim() || texts.device }),
    });
    if (response.ok) return "";
    if (response.status === 403) return texts.wrong;
    if (response.status === 409) return texts.notNeeded;
    if (response.status === 429) return texts.tooOften(Number(response.headers.get("Retry-After")) || 60);
    return (await response.json()).detail ?? texts.failed;
  } catch {
    return texts.failed;
  }
}

class Pairing {
  constructor() {
    this.code = takeCode();
    this.pin = element("input", {
      class: "pin",
      name: "pin",
      inputMode: "numeric",
      autocomplete: "one-time-code",
      maxLength: 7,
      required: true,
      placeholder: "••• •••",
    });
    this.pin.oninput = () => this.onPin();
    this.name = element("input", { name: "name", maxLength: 64, value: guessedName(), autocomplete: "off" });
    this.button = element("button", { type: "submit" }, texts.letIn);
    this.fault = element("p", { role: "alert" });
    this.lead = element("p", {}, this.code ? texts.byCode : texts.byPin);
    this.pinField = element("label", { hidden: Boolean(this.code) }, texts.pin, this.pin);
    this.pin.disabled = Boolean(this.code);
    this.form = element("form", {}, this.pinField, element("label", {}, texts.name, this.name), this.button, this.fault);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      void this.send();
    };
    this.onPin();
  }

  /** Six digits, in two groups of three. */
  onPin() {
    const digits = this.pin.value.replace(/\D/g, "").slice(0, 6);
    const shown = digits.length > 3 ? `${digits.slice(0, 3)} ${digits.slice(3)}` : digits;
    if (this.pin.value !== shown) this.pin.value = shown;
    this.button.disabled = !this.code && digits.length < 6;
  }

  /** A code that did not work makes room for the PIN. */
  async send() {
    this.button.disabled = true;
    this.fault.textContent = "";
    const fault = await pair(this.code || this.pin.value.replace(/\D/g, ""), this.name.value);
    if (!fault) {
      enter();
      return;
    }
    this.fault.textContent = fault;
    this.code = "";
    this.pin.disabled = false;
    this.pinField.hidden = false;
    this.lead.textContent = texts.byPin;
    this.pin.value = "";
    this.onPin();
    this.pin.focus();
  }
}

const pairing = new Pairing();
document.documentElement.lang = language;
document.querySelector("main")?.replaceChildren(element("h1", {}, "lumad"), element("h2", {}, texts.title), pairing.lead, pairing.form);
(pairing.code ? pairing.button : pairing.pin).focus();
