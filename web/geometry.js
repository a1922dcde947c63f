/** Boxes in fractions of the picture: pure, always inside the picture, never smaller than a hundredth. */

/** @typedef {import("./types.js").Box} Box */

export const SMALLEST = 0.01;

/** @param {number} value */
const tidy = (value) => Math.round(value * 10000) / 10000;

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * The nearest box that lies inside the picture.
 * @param {Box} box
 * @returns {Box}
 */
export function inside({ center, size }) {
  const [width, height] = size.map((side) => clamp(side, SMALLEST, 1));
  return {
    center: [tidy(clamp(center[0], width / 2, 1 - width / 2)), tidy(clamp(center[1], height / 2, 1 - height / 2))],
    size: [tidy(width), tidy(height)],
  };
}

/**
 * @param {Box} box
 * @param {number} dx
 * @param {number} dy
 */
export function moved({ center, size }, dx, dy) {
  return inside({ center: [center[0] + dx, center[1] + dy], size });
}

/**
 * The box after one corner went by (dx, dy); the opposite corner stays.
 * @param {Box} box
 * @param {[number, number]} corner  -1 or 1 along each axis
 * @param {number} dx
 * @param {number} dy
 * @returns {Box}
 */
export function sized({ center, size }, corner, dx, dy) {
  const delta = [dx, dy];
  const sides = [0, 1].map((axis) => {
    const fixed = center[axis] - (corner[axis] * size[axis]) / 2;
    const reach = corner[axis] > 0 ? 1 - fixed : fixed;
    const side = clamp(size[axis] + corner[axis] * delta[axis], SMALLEST, Math.max(reach, SMALLEST));
    return { side, middle: fixed + (corner[axis] * side) / 2 };
  });
  return inside({ center: [sides[0].middle, sides[1].middle], size: [sides[0].side, sides[1].side] });
}

/**
 * A place for the `count`-th new region: near the middle, never quite on top of the last one.
 * @param {number} count
 */
export function fresh(count) {
  const step = ((count % 5) - 2) * 0.06;
  return inside({ center: [0.5 + step, 0.5 + step], size: [0.2, 0.3] });
}
