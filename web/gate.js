/** Controls that not everybody may use: shown to all, switched off with a word for those who may not. */

import { element } from "./html.js";
import { texts } from "./texts.js";

/** @typedef {"panic" | "operate" | "structure"} Need  panic: Blackout and Master, a take leaves them in hand */

/**
 * A box around controls that need a right; whatever is inside follows the role, faders as well.
 * @param {import("./store.js").Store} store
 * @param {Need} need
 * @param {...(Node | string)} children
 */
export function gated(store, need, ...children) {
  const root = element("fieldset", { class: "gate" }, ...children);
  const draw = () => {
    root.disabled = !store.may(need);
    root.title = root.disabled ? whyNot(store, need) : "";
  };
  store.on("role", draw);
  draw();
  return root;
}

/** Why this page may not. @param {import("./store.js").Store} store @param {Need} need */
const whyNot = (store, need) => (store.shut ? texts.needs.cut : texts.needs[need]);

/** Whether a control stands in a closed gate, and is none that stays in hand. @param {Element} control */
export const isGated = (control) => control.closest("fieldset:disabled, .in-hand")?.matches("fieldset") ?? false;
