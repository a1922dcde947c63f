/** Points and vectors: `[x, y]`, fractions of the picture or pixels as each function says. Pure. */

/** @typedef {import("./types.js").Pair} Pair */

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A fraction as it is written into the show. @param {number} value */
export const tidy = (value) => Math.round(value * 10000) / 10000;

/** @param {Pair} a @param {Pair} b @param {number} [factor] @returns {Pair} a + factor × b */
export const plus = (a, b, factor = 1) => [a[0] + factor * b[0], a[1] + factor * b[1]];

/** @param {Pair} a @param {Pair} b @returns {Pair} each part of a × that of b */
export const times = (a, b) => [a[0] * b[0], a[1] * b[1]];

/** @param {Pair} a @param {Pair} b @returns {Pair} each part of a ÷ that of b */
export const over = (a, b) => [a[0] / b[0], a[1] / b[1]];

/** @param {Pair} a @param {Pair} b @returns {Pair} */
export const between = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** @param {Pair} a @param {Pair} b */
export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** A vector turned clockwise on the screen. @param {Pair} vector @param {number} degrees @returns {Pair} */
export function turn([x, y], degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** Degrees of a vector, clockwise from the right. @param {Pair} vector */
export const heading = ([x, y]) => (Math.atan2(y, x) * 180) / Math.PI;

/** How far a point is from the straight piece from a to b. @param {Pair} point @param {Pair} a @param {Pair} b */
export function distanceToPiece(point, a, b) {
  const way = plus(b, a, -1);
  const length = way[0] ** 2 + way[1] ** 2;
  const along = length && ((point[0] - a[0]) * way[0] + (point[1] - a[1]) * way[1]) / length;
  return distance(point, plus(a, way, clamp(along, 0, 1)));
}

/**
 * The nearest place inside the picture; what lies outside already may stay where it is.
 * @param {Pair} place  fractions
 * @param {Pair} now  fractions
 * @returns {Pair}
 */
export function reachable(place, now) {
  const [x, y] = [0, 1].map((axis) => clamp(place[axis], Math.min(0, now[axis]), Math.max(1, now[axis])));
  return [x, y];
}
