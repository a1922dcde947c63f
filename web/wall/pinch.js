/** Two fingers on the selected region: apart makes it larger, around turns it, along moves it. */

import { between, distance, heading, plus } from "../geometry.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {{factor: number, degrees: number, way: Pair}} Spread  way: pixels */
/** @typedef {{begin: () => boolean, change: (spread: Spread) => void, end: (cancelled: boolean) => void}} Hand */

const SLOP = 6; // pixels that the fingers go, together or apart, before anything changes

/** What two fingers did. Pure. @param {[Pair, Pair]} from @param {[Pair, Pair]} to @returns {Spread} */
export function spread(from, to) {
  const ways = [from, to].map(([a, b]) => plus(b, a, -1));
  const lengths = ways.map((way) => Math.max(Math.hypot(...way), 1));
  return {
    factor: lengths[1] / lengths[0],
    degrees: heading(ways[1]) - heading(ways[0]),
    way: plus(between(...to), between(...from), -1),
  };
}

export class Pinch {
  /** @type {Map<number, Pair>} */
  #fingers = new Map();
  /** @type {[Pair, Pair] | null} */
  #from = null;
  #begun = false;

  /**
   * @param {SVGSVGElement} root
   * @param {Hand} hand
   */
  constructor(root, hand) {
    this.hand = hand;
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) root.addEventListener(type, (event) => this.#up(event));
    // The browser would zoom the page with the second finger.
    root.addEventListener("touchstart", (event) => this.#from && event.cancelable && event.preventDefault(), { passive: false });
  }

  /** Whether two fingers are at work. */
  get active() {
    return this.#from !== null;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.pointerType !== "touch") return;
    if (event.isPrimary) this.#fingers.clear();
    this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.#fingers.size === 2 && this.hand.begin()) this.#from = this.#pair;
  }

  get #pair() {
    return /** @type {[Pair, Pair]} */ ([...this.#fingers.values()]);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#fingers.has(event.pointerId)) return;
    this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (!this.#from) return;
    const now = this.#pair;
    this.#begun ||= now.some((place, index) => distance(place, /** @type {[Pair, Pair]} */ (this.#from)[index]) > SLOP);
    if (this.#begun) this.hand.change(spread(this.#from, now));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#fingers.delete(event.pointerId) || !this.#from) return;
    this.#from = null;
    this.#begun = false;
    this.hand.end(event.type === "pointercancel");
  }
}
