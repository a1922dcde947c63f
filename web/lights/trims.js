/** The trims as faders, in a gaffer's units. */

import { NEUTRAL, RANGES, shifted } from "./trimlaw.js";
import { Fader } from "../fader.js";
import { element } from "../html.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Trims} Trims */
/** @typedef {import("./trimlaw.js").Trim} Trim */

/** @type {Record<Trim, (value: number) => string>} */
const WORDS = {
  intensity: texts.stops,
  mired: (mired) => texts.mired(mired, shifted(mired)),
  tint: texts.tint,
  saturation: texts.times,
  min: percent,
  max: percent,
};

/** @param {number} light */
function percent(light) {
  return texts.percent(Math.round(light * 1000) / 10);
}

export class TrimFaders {
  /** @type {[Trim, Fader][]} */
  #faders;

  /**
   * @param {Trim[]} which
   * @param {{change: (trim: Trim, value: number) => void, release: () => void, reset: (trim: Trim) => void}} hand
   */
  constructor(which, { change, release, reset }) {
    this.#faders = which.map((trim) => {
      const fader = new Fader(texts.trimNames[trim], { ...RANGES[trim], format: WORDS[trim] });
      fader.onchange = (value) => change(trim, value);
      fader.onrelease = release;
      fader.ondefault = () => reset(trim);
      return [trim, fader];
    });
    this.root = element("div", { class: "faders" }, ...this.#faders.map(([, fader]) => fader.root));
  }

  /** @param {Trim} wanted @returns {Fader} */
  of(wanted) {
    return this.#faders[this.#faders.findIndex(([trim]) => trim === wanted)][1];
  }

  /** @param {Partial<Trims>} trims */
  show(trims) {
    for (const [trim, fader] of this.#faders) fader.value = trims[trim] ?? NEUTRAL[trim];
  }
}

/**
 * Faders on the trims of one noun of the show: each drag is one edit of it, one step to undo.
 * @param {import("../types.js").Services} services
 * @param {() => string} path  fixtures/ID, groups/ID, regions/ID
 * @param {() => Partial<Trims>} now
 */
export function trimsOf({ edits, toast }, path, now) {
  let gesture = "";
  return new TrimFaders(/** @type {Trim[]} */ (Object.keys(NEUTRAL)), {
    change: (trim, value) => {
      gesture ||= edits.gesture();
      edits.edit(path(), { trims: within(trim, value, now()) }, gesture, true);
    },
    release: () => {
      edits.release(path());
      gesture = "";
    },
    reset: (trim) => toast.undoable(texts.wentTo(texts.trimNames[trim], WORDS[trim](NEUTRAL[trim]))),
  });
}

/** A floor never rises above the ceiling: each pushes the other. @param {Trim} trim @param {number} value @param {Partial<Trims>} now */
function within(trim, value, { min = 0, max = 1 }) {
  if (trim === "min" && value > max) return { min: value, max: value };
  if (trim === "max" && value < min) return { min: value, max: value };
  return { [trim]: value };
}
