/** Labelled fields, and what lumad says is wrong with them, said at the field. */

import { element } from "../html.js";

/** @typedef {string | number | boolean | null} Value */
/** @typedef {{path: string, message: string}} Fault */
/** @typedef {{control: HTMLInputElement | HTMLSelectElement, root: HTMLElement, fault: HTMLElement,
 *             read: () => Value, write: (value: unknown) => void}} Field */
/** @typedef {{hint?: string, wide?: boolean, [attribute: string]: unknown}} Options */

let fields = 0;

/** The fields of one form, by the key of what they hold. Values left empty are null. */
export class Fields {
  /** @type {Map<string, Field>} */
  #fields = new Map();
  #others = element("p", { class: "fault", role: "alert", hidden: true });

  constructor() {
    this.root = element("div", { class: "fields" }, this.#others);
    this.onchange = () => {};
    this.root.addEventListener("input", () => this.onchange());
  }

  /** @param {string} key @param {string} label @param {Options} [options] */
  text(key, label, options = {}) {
    const control = input("text", options);
    return this.#add(key, label, control, options, () => control.value.trim() || null);
  }

  /** Takes a decimal comma too. @param {string} key @param {string} label @param {Options} [options] */
  number(key, label, options = {}) {
    const control = input("text", { inputMode: "decimal", ...options });
    const read = () => {
      const said = control.value.trim().replace(",", ".");
      return said === "" ? null : Number.isFinite(Number(said)) ? Number(said) : control.value.trim();
    };
    return this.#add(key, label, control, options, read);
  }

  /**
   * @param {string} key
   * @param {string} label
   * @param {[string, string][]} choices  value and what is read
   * @param {Options} [options]
   */
  choice(key, label, choices, options = {}) {
    const control = element("select");
    control.append(...choices.map(([value, said]) => element("option", { value }, said)));
    return this.#add(key, label, control, options, () => control.value || null);
  }

  /** @param {string} key @param {string} label @param {Options} [options] */
  flag(key, label, options = {}) {
    const control = input("checkbox", {});
    const field = this.#add(key, label, control, options, () => control.checked);
    field.root.classList.add("flag");
    field.write = (value) => {
      control.checked = Boolean(value);
    };
    return field;
  }

  /** Something between the fields: a button, a line of words. @param {...(Node | string)} children */
  add(...children) {
    this.root.append(...children);
  }

  /** @param {string} key @returns {Field} */
  of(key) {
    const field = this.#fields.get(key);
    if (!field) throw new Error(`no field ${key}`);
    return field;
  }

  /** What stands in the fields that are seen. @returns {Record<string, Value>} */
  get value() {
    const seen = [...this.#fields].filter(([, field]) => !field.root.hidden);
    return Object.fromEntries(seen.map(([key, field]) => [key, field.read()]));
  }

  /** @param {Record<string, unknown>} values  what is left out becomes empty */
  fill(values) {
    for (const [key, field] of this.#fields) field.write(values[key] ?? "");
    this.clear();
  }

  clear() {
    for (const field of this.#fields.values()) mark(field, "");
    this.#others.hidden = true;
  }

  /**
   * Says what is wrong where it is wrong; what belongs to no field stands above them all.
   * @param {{detail?: string, title?: string, faults?: Fault[]}} problem
   */
  blame({ detail, title, faults = [] }) {
    this.clear();
    const others = [];
    for (const { path, message } of faults) {
      const steps = path.split(".");
      const key = [...this.#fields.keys()].find((each) => steps.includes(each) && !this.of(each).root.hidden);
      if (key) mark(this.of(key), message);
      else others.push(message);
    }
    if (!faults.length) others.push(detail || title || "");
    this.#others.hidden = !others.length;
    this.#others.textContent = others.join(" ");
    const first = [...this.#fields.values()].find((field) => field.control.ariaInvalid === "true");
    first?.control.focus();
  }

  /**
   * @param {string} key
   * @param {string} label
   * @param {HTMLInputElement | HTMLSelectElement} control
   * @param {Options} options
   * @param {() => Value} read
   * @returns {Field}
   */
  #add(key, label, control, { hint, wide }, read) {
    fields += 1;
    const id = `field-${fields}`;
    const fault = element("small", { class: "fault", id: `${id}-fault`, hidden: true });
    const words = element("small", { class: "hint", id: `${id}-hint`, hidden: !hint }, hint ?? "");
    Object.assign(control, { name: key, id });
    control.setAttribute("aria-describedby", `${id}-hint ${id}-fault`);
    const root = element("div", { class: wide ? "field wide" : "field" }, element("label", { htmlFor: id }, label), control, words, fault);
    const write = (/** @type {unknown} */ value) => {
      control.value = String(value);
    };
    const field = { control, root, fault, read, write };
    this.#fields.set(key, field);
    this.root.append(root);
    return field;
  }
}

/** @param {string} type @param {Options} options */
function input(type, { hint: _, wide: __, ...attributes }) {
  return element("input", { type, autocomplete: "off", spellcheck: false, ...attributes });
}

/** @param {Field} field @param {string} message */
function mark(field, message) {
  field.fault.textContent = message;
  field.fault.hidden = !message;
  field.control.setAttribute("aria-invalid", String(Boolean(message)));
}
