/** What the trims are in a gaffer's units, and how two of them chain. Pure. */

/** @typedef {import("../types.js").Trims} Trims */
/** @typedef {keyof Trims} Trim */

/** @type {Trims} */
export const NEUTRAL = { intensity: 0, mired: 0, tint: 0, saturation: 1, min: 0, max: 1 };

/** How far a thumb may take each: stops, mired, Duv × 1000, factor, fractions of full output. */
export const RANGES = {
  intensity: { min: -5, max: 5, step: 0.1, neutral: 0 },
  mired: { min: -150, max: 150, step: 1, grain: 1, neutral: 0 },
  tint: { min: -30, max: 30, step: 0.5, grain: 0.1, neutral: 0 },
  saturation: { min: 0, max: 2, step: 0.01, neutral: 1 },
  min: { min: 0, max: 1, step: 0.01, neutral: 0, law: /** @type {const} */ ("square") },
  max: { min: 0, max: 1, step: 0.01, neutral: 1, law: /** @type {const} */ ("square") },
};

const DAYLIGHT_K = 5600;

/** What daylight of 5600 K becomes by a shift, to ten kelvin. @param {number} mired */
export const shifted = (mired) => Math.round(1e6 / (1e6 / DAYLIGHT_K + mired) / 10) * 10;

/** A trim moved by what another says, as lumad chains them. @param {Trim} trim @param {number} from @param {number} by */
export function chained(trim, from, by) {
  const sum = trim === "saturation" ? from * by : from + by;
  return Math.round(sum * 1e4) / 1e4;
}

/** Whether it changes nothing. @param {Partial<Trims> | undefined} trims */
export const isNeutral = (trims) => Object.entries(trims ?? {}).every(([key, value]) => NEUTRAL[/** @type {Trim} */ (key)] === value);
