/** Controls that not everybody may use: shown to all, switched off with a word for those who may not. */

import { element } from "./html.js";
import { texts } from "./texts.js";

/** @typedef {"operate" | "structure"} Need */

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
    root.title = root.disabled ? texts.needs[need] : "";
  };
  store.on("role", draw);
  draw();
  return root;
}

/** Whether a control stands in a closed gate. @param {Element} control */
export const isGated = (control) => control.closest("fieldset:disabled") !== null;
