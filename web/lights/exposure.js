/** Exposure of the whole show: stops, in thirds, and one tap that matches wall white. */

import { element } from "../html.js";
import { texts } from "../texts.js";

const STEP = 1 / 3;

export class Exposure {
  #value = element("output", { "aria-live": "polite" });

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../edits.js").Edits} edits
   */
  constructor(store, edits) {
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ onclick) =>
      element("button", { type: "button", class: "quiet", "aria-label": label, onclick }, text);
    const move = (/** @type {number} */ thirds) => () => {
      const exposure = Math.round((this.#stops(store) / STEP + thirds) * STEP * 1000) / 1000;
      edits.edit("show", { exposure }, edits.gesture());
    };
    this.root = element(
      "div",
      { class: "exposure", role: "group", "aria-label": texts.exposure },
      button("−", texts.exposureDown, move(-1)),
      element("span", {}, element("small", {}, texts.exposure), this.#value),
      button("+", texts.exposureUp, move(1)),
      button(texts.matchWhite, texts.matchWhiteWhy, () => edits.ask({ type: "match-white" })),
    );
    const draw = () => {
      this.#value.textContent = texts.stops(this.#stops(store));
    };
    store.on("show", draw);
    draw();
  }

  /** @param {import("../store.js").Store} store */
  #stops(store) {
    return store.show?.exposure ?? 0;
  }
}
