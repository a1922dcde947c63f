/** Rects and ellipses: a middle, a size along their own axes, turned in pixels so that they never shear. Pure. */

import { clamp, distance, heading, over, plus, reachable, tidy, times, turn } from "../geometry.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Box} Box */
/** @typedef {import("../types.js").Handle} Handle */

export const SMALLEST = 0.01; // of the picture, along each axis
const UPRIGHT = 2; // degrees around a quarter turn that become the quarter turn
const STEM = 38; // pixels from the box to the handle that turns it
const MARGIN = 12; // pixels from the picture's edge that a handle keeps
/** @type {Pair[]} */
const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];
/** @type {Pair[]} */
const SIDES = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** What an edit may change. @param {Box} box */
export const geometry = ({ center, size, rotation }) => ({ center, size, rotation: rotation ?? 0 });

/** Pixels of `own`, -1..1 from edge to edge of the box. @param {Box} box @param {Pair} own @param {Pair} scale */
function at({ center, size, rotation }, own, scale) {
  return plus(times(center, scale), turn(times(times(own, [0.5, 0.5]), times(size, scale)), rotation ?? 0));
}

/** The four corners in pixels, clockwise. @param {Box} box @param {Pair} scale */
export const corners = (box, scale) => CORNERS.map((corner) => at(box, corner, scale));

/** @param {Box} box @param {Pair} scale  @returns {string} an SVG path, pixels */
export function outline(box, scale) {
  if (box.shape !== "ellipse") return `M${corners(box, scale).join("L")}Z`;
  const [left, right] = [at(box, [-1, 0], scale), at(box, [1, 0], scale)];
  const radii = `${(box.size[0] * scale[0]) / 2} ${(box.size[1] * scale[1]) / 2} ${box.rotation ?? 0} 0 1`;
  return `M${left}A${radii} ${right}A${radii} ${left}Z`;
}

/** Least and greatest x and y, fractions. @param {Box} box @param {Pair} scale @returns {[Pair, Pair]} */
export function bounds(box, scale) {
  const [width, height] = times(box.size, scale);
  const [x, y] = [turn([width / 2, 0], box.rotation ?? 0), turn([0, height / 2], box.rotation ?? 0)];
  const round = box.shape === "ellipse";
  const reach = [0, 1].map((axis) => (round ? Math.hypot(x[axis], y[axis]) : Math.abs(x[axis]) + Math.abs(y[axis])));
  const half = over([reach[0], reach[1]], scale);
  return [plus(box.center, half, -1), plus(box.center, half)];
}

/**
 * Whether a finger at `point` means this box; a small one answers up to `reach` pixels around its middle.
 * @param {Box} box
 * @param {Pair} point
 * @param {Pair} scale
 * @param {number} reach
 */
export function holds(box, point, scale, reach) {
  const own = turn(plus(point, times(box.center, scale), -1), -(box.rotation ?? 0));
  const [x, y] = [0, 1].map((axis) => Math.abs(own[axis]) / Math.max((box.size[axis] * scale[axis]) / 2, reach));
  return box.shape === "ellipse" ? Math.hypot(x, y) <= 1 : Math.max(x, y) <= 1;
}

/** Pixels. @param {Box} box @param {Pair} scale */
export function area({ shape, size }, scale) {
  return size[0] * scale[0] * size[1] * scale[1] * (shape === "ellipse" ? Math.PI / 4 : 1);
}

/** Its smaller side, pixels. @param {Box} box @param {Pair} scale */
export const thickness = ({ size }, scale) => Math.min(...times(size, scale));

/** @param {Box} box @param {Pair} way  fractions */
export const shifted = ({ center }, way) => ({ center: tidied(plus(center, way)) });

/**
 * One corner went by `way`: the box grows along its own axes and the opposite corner stays.
 * @param {Box} box
 * @param {Pair} corner  -1 or 1 along each axis
 * @param {Pair} way  fractions
 * @param {Pair} scale
 */
export function sized(box, corner, way, scale) {
  const rotation = box.rotation ?? 0;
  const now = over(at(box, corner, scale), scale);
  const target = times(reachable(plus(now, way), now), scale);
  const anchor = at(box, [-corner[0], -corner[1]], scale);
  const span = times(turn(plus(target, anchor, -1), -rotation), corner);
  const size = over([Math.max(span[0], SMALLEST * scale[0]), Math.max(span[1], SMALLEST * scale[1])], scale);
  const center = over(plus(anchor, turn(times(times(size, scale), corner), rotation), 0.5), scale);
  return { center: tidied(center), size: tidied(size) };
}

/**
 * The turn handle went from one place to another, pixels; it clicks into the quarter turns.
 * @param {Box} box
 * @param {Pair} from
 * @param {Pair} to
 * @param {Pair} scale
 */
export function turned(box, from, to, scale) {
  const middle = times(box.center, scale);
  const degrees = (box.rotation ?? 0) + heading(plus(to, middle, -1)) - heading(plus(from, middle, -1));
  return { rotation: halfTurn(upright(degrees)) };
}

/** Sized and turned about its middle, as two fingers do. @param {Box} box @param {number} factor @param {number} degrees */
export function pinched({ size, rotation = 0 }, factor, degrees) {
  const [least, most] = [SMALLEST / Math.min(...size), 1 / Math.max(...size)];
  const grown = clamp(factor, Math.min(least, 1), Math.max(most, 1));
  const turned = degrees ? upright(rotation + degrees) : rotation;
  return { size: tidied(times(size, [grown, grown])), rotation: halfTurn(turned) };
}

/** Near a quarter turn it is the quarter turn. @param {number} degrees */
function upright(degrees) {
  const quarter = Math.round(degrees / 90) * 90;
  return Math.abs(degrees - quarter) < UPRIGHT ? quarter : degrees;
}

/** The same turn within -180..180, to a tenth of a degree. @param {number} degrees */
export function halfTurn(degrees) {
  const tenth = Math.round((degrees - Math.round(degrees / 360) * 360) * 10) / 10;
  return tenth === -180 ? 180 : tenth + 0;
}

/**
 * Corners and the one that turns. Small boxes keep a middle to drag: what the finger finds stands further out.
 * @param {Box} box
 * @param {Pair} scale
 * @param {Handle | null} [held]  the handle in the hand keeps its side
 * @returns {Handle[]}
 */
export function handles(box, scale, held) {
  const rotation = box.rotation ?? 0;
  const [width, height] = times(box.size, scale);
  const out = (/** @type {number} */ side) => clamp(24 - side / 4, 4, 22);
  /** @type {Handle[]} */
  const found = CORNERS.map((corner) => {
    const place = at(box, corner, scale);
    const hit = plus(place, turn(times(corner, [out(width), out(height)]), rotation));
    return { kind: "corner", key: `corner ${corner}`, corner, at: place, hit: inFrame(hit, scale) };
  });
  const stems = SIDES.map((side) => plus(at(box, side, scale), turn(side, rotation), STEM));
  const free = stems.findIndex((stem) => distance(stem, inFrame(stem, scale)) === 0);
  const side = held?.kind === "turn" ? held.side : Math.max(free, 0);
  const place = inFrame(stems[side], scale);
  return [...found, { kind: "turn", key: "turn", side, at: place, hit: place }];
}

/** @param {Pair} place @param {Pair} scale @returns {Pair} */
function inFrame([x, y], [width, height]) {
  return [clamp(x, MARGIN, Math.max(width - MARGIN, MARGIN)), clamp(y, MARGIN, Math.max(height - MARGIN, MARGIN))];
}

/** @param {Pair} pair @returns {Pair} */
const tidied = ([x, y]) => [tidy(x), tidy(y)];
