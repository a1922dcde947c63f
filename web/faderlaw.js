/** What a fader's travel means: a position 0..1 against a value between two ends. Pure. */

import { clamp } from "./geometry.js";

/**
 * min, max: its ends · step: of an arrow key, in the unit of the value · grain: what it is rounded to · neutral: its usual value · law: of the value over the travel · format: the words beside it
 * @typedef {{min: number, max: number, step: number, grain: number, neutral: number, law: "linear" | "square",
 *            format: (value: number) => string}} Scale
 */

/** @param {Partial<Scale>} given */
export function scaleOf(given) {
  const step = given.step ?? 0.01;
  const scale = { min: 0, max: 1, step, grain: step / 10, neutral: given.max ?? 1, law: "linear", format: String, ...given };
  const span = scale.max - scale.min;
  const square = scale.law === "square";
  const unit = scale.min === 0 && scale.max === 1; // told in percent of the travel
  const grain = square ? 1e-6 : scale.grain;
  /** @param {number} value */
  const position = (value) => {
    const part = clamp((value - scale.min) / span, 0, 1);
    return square ? Math.sqrt(part) : part;
  };
  /** @param {number} at */
  const value = (at) => tidied(scale.min + (square ? at * at : at) * span, grain);
  const pace = scale.step / span; // of the travel: a square fader steps along its travel, not along its light
  return {
    ...scale,
    position,
    value,
    /** Where the fill begins: the usual value amid the travel, the lower end else. */
    base: scale.neutral > scale.min && scale.neutral < scale.max && scale.min < 0 ? position(scale.neutral) : 0,
    /** @param {number} at @param {number} steps */
    stepped: (at, steps) => {
      const least = square ? 0 : grain / span; // a fine step still is one
      return clamp(at + Math.sign(steps) * Math.max(Math.abs(steps) * pace, least), 0, 1);
    },
    /** What a screen reader is told, and between which ends. @param {number} now */
    spoken: (now) => (unit ? Math.round(position(now) * 100) : now),
    ends: unit ? [0, 100] : [scale.min, scale.max],
  };
}

/** @param {number} value @param {number} grain */
function tidied(value, grain) {
  const digits = Math.max(0, Math.ceil(-Math.log10(grain)));
  return Number((Math.round(value / grain) * grain).toFixed(digits)) + 0;
}
