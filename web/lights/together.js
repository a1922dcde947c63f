/** Several lamps at once: who decides them, and trims that move each from where it is. */

import { chained, NEUTRAL } from "./trimlaw.js";
import { TrimFaders } from "./trims.js";
import { element } from "../html.js";
import { Segmented } from "../segmented.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Trims} Trims */
/** @typedef {import("./trimlaw.js").Trim} Trim */

const CONTROLS = { follow: texts.controlNames.follow, manual: texts.controlNames.manual, off: texts.controlNames.off };

export class Together {
  /** @type {string[]} */
  #ids = [];
  #gesture = "";
  /** Each lamp's trims when the finger came down, and where the fader stood. @type {Map<string, Partial<Trims>>} */
  #from = new Map();
  /** What has been added to all of them. @type {Trims} */
  #added = { ...NEUTRAL };
  /** @type {Trims} */
  #began = { ...NEUTRAL };
  #title = element("h2");

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    this.control = new Segmented(texts.control, CONTROLS, (control) => this.#all((id) => this.#edit(id, { control })));
    this.faders = new TrimFaders(["intensity", "mired", "tint", "saturation"], {
      change: (trim, value) => this.#move(trim, value),
      release: () => this.#release(),
      reset: (trim) => services.toast.undoable(texts.wentTo(texts.trimNames[trim], "0")),
    });
    this.root = element("div", { class: "panel together", hidden: true }, this.#title, this.control.root, this.faders.root);
  }

  /** @param {string[]} ids  none: nothing is picked */
  draw(ids) {
    if (ids.join() !== this.#ids.join()) {
      this.#ids = ids;
      this.#added = { ...NEUTRAL };
      this.faders.show(this.#added);
    }
    this.root.hidden = !ids.length;
    this.#title.textContent = texts.together(ids.length);
    const controls = new Set(ids.map((id) => this.services.store.show?.fixtures[id]?.control ?? "follow"));
    this.control.value = controls.size === 1 ? [...controls][0] : null;
  }

  /** @param {(id: string) => void} run  as one step to undo */
  #all(run) {
    this.#gesture = this.services.edits.gesture();
    this.#ids.forEach(run);
    this.services.edits.flush();
    this.#gesture = "";
  }

  /** @param {string} id @param {Record<string, unknown>} value @param {boolean} [held] */
  #edit(id, value, held = false) {
    this.services.edits.edit(`fixtures/${id}`, value, this.#gesture, held);
  }

  /** @param {Trim} trim @param {number} value */
  #move(trim, value) {
    if (!this.#gesture) this.#begin();
    this.#added[trim] = value;
    const by = trim === "saturation" ? value / (this.#began[trim] || 1) : value - this.#began[trim];
    for (const id of this.#ids) {
      const from = this.#from.get(id)?.[trim] ?? NEUTRAL[trim];
      this.#edit(id, { trims: { [trim]: chained(trim, from, by) } }, true);
    }
  }

  #begin() {
    const fixtures = this.services.store.show?.fixtures ?? {};
    this.#gesture = this.services.edits.gesture();
    this.#began = { ...this.#added };
    this.#from = new Map(this.#ids.map((id) => [id, { ...fixtures[id]?.trims }]));
  }

  #release() {
    for (const id of this.#ids) this.services.edits.release(`fixtures/${id}`);
    this.#gesture = "";
  }
}
