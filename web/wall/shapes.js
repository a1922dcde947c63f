/** One door to every shape of a region: what it looks like, what a finger finds, what it becomes. Pure. */

import * as boxes from "./boxes.js";
import { clamp, over, plus, tidy, times, turn } from "../geometry.js";
import * as paths from "./paths.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Region} Region */
/** @typedef {import("../types.js").Path} Path */
/** @typedef {import("../types.js").Handle} Handle */
/** @typedef {import("../types.js").Shape} Shape */
/** @typedef {{center?: Pair, size?: Pair, rotation?: number, points?: Pair[], width?: number}} Change  keys of an edit */
/** @typedef {"x" | "y" | "width" | "height" | "turn" | "feather"} Field */

/** @type {Shape[]} */
export const SHAPES = ["rect", "ellipse", "line", "polygon"];

const TWISTED = 4; // degrees that two fingers turn by accident
const STEADY = 0.03; // of the size that they change by accident

/** @param {Region} region @returns {region is Path & Region} */
export const isPath = (region) => region.shape === "polygon" || region.shape === "line";

/** The keys that place a region, all of them. @param {Region} region */
export const geometry = (region) => (isPath(region) ? paths.geometry(region) : boxes.geometry(region));

/** @param {Region} region @param {Pair} scale  pixels of the picture */
export const outline = (region, scale) => (isPath(region) ? paths.outline(region, scale) : boxes.outline(region, scale));

/** @param {Region} region @param {Pair} scale */
export const bounds = (region, scale) => (isPath(region) ? paths.bounds(region) : boxes.bounds(region, scale));

/** @param {Region} region @param {Pair} scale */
export const area = (region, scale) => (isPath(region) ? paths.area(region, scale) : boxes.area(region, scale));

/** @param {Region} region @param {Pair} scale */
export const thickness = (region, scale) => (isPath(region) ? paths.thickness(region, scale) : boxes.thickness(region, scale));

/** @param {Region} region @param {Pair} scale @param {Handle | null} [held]  the one in the hand */
export function handles(region, scale, held) {
  return isPath(region) ? paths.handles(region, scale) : boxes.handles(region, scale, held);
}

/** @param {Region} region @param {Pair} point  pixels @param {Pair} scale @param {number} reach  pixels */
export function holds(region, point, scale, reach) {
  return isPath(region) ? paths.holds(region, point, scale, reach) : boxes.holds(region, point, scale, reach);
}

/**
 * The keys that change when the whole region goes by `way`; its edges stop at those of the picture.
 * @param {Region} region
 * @param {Pair} way  fractions
 * @param {Pair} scale
 * @returns {Change}
 */
export function moved(region, way, scale) {
  const [low, high] = bounds(region, scale);
  const [x, y] = [0, 1].map((axis) => {
    const room = [0, -low[axis], 1 - high[axis]];
    return clamp(way[axis], Math.min(...room), Math.max(...room));
  });
  return shifted(region, [x, y]);
}

/** @param {Region} region @param {Pair} way */
const shifted = (region, way) => (isPath(region) ? paths.shifted(region, way) : boxes.shifted(region, way));

/**
 * The keys that change when a handle goes by `way`.
 * @param {Region} region
 * @param {Handle} handle
 * @param {Pair} way  pixels
 * @param {Pair} scale
 * @returns {Change}
 */
export function dragged(region, handle, way, scale) {
  const part = over(way, scale);
  if (isPath(region)) return "index" in handle ? paths.pulled(region, handle.index, part, scale) : {};
  if (handle.kind === "corner") return boxes.sized(region, handle.corner, part, scale);
  return boxes.turned(region, handle.hit, plus(handle.hit, way), scale);
}

/**
 * The keys that change by an arrow key: the place of one point, a box's own width and height, or the whole place.
 * @param {Region} region
 * @param {Handle | null} handle  the point that has the keyboard
 * @param {Pair} way  fractions
 * @param {boolean} sizing
 * @param {Pair} scale
 */
export function stepped(region, handle, way, sizing, scale) {
  if (isPath(region) && handle && "index" in handle) return paths.placed(region, handle.index, way);
  if (isPath(region) || !sizing) return moved(region, way, scale);
  const along = over(turn(times(way, scale), region.rotation ?? 0), scale);
  return boxes.sized(region, [1, 1], along, scale);
}

/**
 * The keys that change when two fingers size, turn and move a region; it stays within the picture.
 * @param {Region} region
 * @param {import("./pinch.js").Spread} spread
 * @param {Pair} scale
 * @returns {Change}
 */
export function pinched(region, { factor, degrees, way }, scale) {
  const grown = Math.abs(factor - 1) < STEADY ? 1 : factor;
  const twist = Math.abs(degrees) < TWISTED ? 0 : degrees;
  const change = isPath(region) ? paths.pinched(region, grown, twist, scale) : boxes.pinched(region, grown, twist);
  const next = /** @type {Region} */ ({ ...region, ...change });
  const there = /** @type {Region} */ ({ ...next, ...shifted(next, over(way, scale)) });
  return { ...change, ...inside(there, scale) };
}

/** @param {number} part */
const percent = (part) => Math.round(part * 1000) / 10;

/**
 * The numbers that say the same as the hand, in percent and degrees: of one point where one is chosen.
 * @param {Region} region
 * @param {number | null} point
 * @param {Pair} scale
 */
export function numbers(region, point, scale) {
  const [x, y] = spot(region, point, scale);
  /** @type {Partial<Record<Field, number>>} */
  const found = { x: percent(x), y: percent(y) };
  if (!isPath(region)) {
    const [width, height] = region.size;
    Object.assign(found, { width: percent(width), height: percent(height), turn: region.rotation ?? 0 });
  }
  if (region.shape === "line") found.width = percent(region.width ?? 0);
  found.feather = percent(region.feather ?? 0);
  return found;
}

/**
 * The keys that change when one of the numbers does; a box that would leave the picture is put back inside.
 * @param {Region} region
 * @param {number | null} point
 * @param {Field} field
 * @param {number} value  percent, degrees
 * @param {Pair} scale
 * @returns {Record<string, unknown>}
 */
export function numbered(region, point, field, value, scale) {
  const part = tidy(value / 100);
  if (field === "turn") return { rotation: boxes.halfTurn(value) };
  if (field === "feather") return { feather: clamp(part, 0, 1) };
  if (field === "width" && isPath(region)) return { width: clamp(part, paths.THINNEST, 1) };
  const axis = field === "x" || field === "width" ? 0 : 1;
  if (!isPath(region) && field !== "x" && field !== "y") {
    const size = replaced(region.size, axis, clamp(part, boxes.SMALLEST, 1));
    return { size, ...inside({ ...region, size }, scale) };
  }
  const now = spot(region, point, scale);
  const way = plus(replaced(now, axis, part), now, -1);
  if (!isPath(region)) return inside({ ...region, ...boxes.shifted(region, way) }, scale);
  return point === null ? moved(region, way, scale) : paths.placed(region, point, way);
}

/** @param {Pair} pair @param {number} axis @param {number} value @returns {Pair} */
const replaced = ([x, y], axis, value) => (axis ? [x, value] : [value, y]);

/** The place that x and y name: a point, or the middle. @param {Region} region @param {number | null} point @param {Pair} scale */
const spot = (region, point, scale) => (isPath(region) && point !== null && region.points[point]) || middle(region, scale);

/** The keys that put a region inside the picture, along each axis where it fits. @param {Region} region @param {Pair} scale */
function inside(region, scale) {
  const [low, high] = bounds(region, scale);
  const [x, y] = [0, 1].map((axis) => (high[axis] - low[axis] > 1 ? 0 : clamp(0, -low[axis], 1 - high[axis])));
  return shifted(region, [x, y]);
}

/** Fractions. @param {Region} region @param {Pair} scale @returns {Pair} */
export function middle(region, scale) {
  if (!isPath(region)) return region.center;
  const [low, high] = bounds(region, scale);
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2];
}

/**
 * The `count`-th new region: near the middle, never quite on top of the last one.
 * @param {Shape} shape
 * @param {number} count
 * @returns {Region}
 */
export function fresh(shape, count) {
  const at = tidy(0.5 + ((count % 5) - 2) * 0.06);
  /** @type {(x: number, y: number) => Pair} */
  const off = (x, y) => [tidy(at + x), tidy(at + y)];
  if (shape === "line") return { shape, points: [off(-0.15, 0), off(0.15, 0)], width: 0.04 };
  if (shape === "polygon") return { shape, points: [off(0, -0.18), off(0.13, 0.14), off(-0.13, 0.14)] };
  return { shape, center: [at, at], size: [0.2, 0.3] };
}
