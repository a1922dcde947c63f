/** Colours set by hand: what the faders say against what the show keeps. Rec. 709 stands for RGB. Pure. */

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Colour} Colour */
/** @typedef {[number, number, number]} Triple */
/** @typedef {"cct" | "hsi" | "xy" | "rgb"} Mode */

/** ITU-R BT.709, D65: linear RGB to XYZ and back. */
const TO_XYZ = [
  [0.4123908, 0.3575843, 0.1804808],
  [0.212639, 0.7151687, 0.0721923],
  [0.0193308, 0.1191948, 0.9505322],
];
const FROM_XYZ = [
  [3.2409699, -1.5373832, -0.4986108],
  [-0.9692436, 1.8759675, 0.0415551],
  [0.0556301, -0.203977, 1.0569715],
];
/** @type {Pair} */
export const D65 = [0.3127, 0.329];

/** @param {number[][]} matrix @param {number[]} vector @returns {Triple} */
function product(matrix, vector) {
  const [a, b, c] = matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * vector[index], 0));
  return [a, b, c];
}

/** @param {number} part */
const tidy = (part) => Math.round(part * 1e4) / 1e4;

/** Chromaticity of linear RGB; of black, white. @param {Triple} rgb @returns {Pair} */
export function xyOf(rgb) {
  const [x, y, z] = product(TO_XYZ, rgb);
  const sum = x + y + z;
  return sum > 0 ? [tidy(x / sum), tidy(y / sum)] : D65;
}

/** Linear RGB of a chromaticity, its greatest part 1, none below 0. @param {Pair} xy @returns {Triple} */
export function rgbOf([x, y]) {
  const rgb = product(FROM_XYZ, [x / y, 1, (1 - x - y) / y]).map((part) => Math.max(part, 0));
  const most = Math.max(...rgb) || 1;
  return [rgb[0] / most, rgb[1] / most, rgb[2] / most];
}

/** Chromaticity of a black body (Kim et al. 2002), within 0.001 from 1667 to 25 000 K. @param {number} kelvin @returns {Pair} */
export function planckian(kelvin) {
  const t = 1000 / Math.min(Math.max(kelvin, 1667), 25000);
  const x =
    kelvin <= 4000
      ? -0.2661239 * t ** 3 - 0.2343589 * t ** 2 + 0.8776956 * t + 0.17991
      : -3.0258469 * t ** 3 + 2.1070379 * t ** 2 + 0.2226347 * t + 0.24039;
  /** @type {Record<string, number[]>} */
  const cubic = {
    warm: [-1.1063814, -1.3481102, 2.18555832, -0.20219683],
    middle: [-0.9549476, -1.37418593, 2.09137015, -0.16748867],
    cool: [3.081758, -5.8733867, 3.75112997, -0.37001483],
  };
  const [a, b, c, d] = cubic[kelvin <= 2222 ? "warm" : kelvin <= 4000 ? "middle" : "cool"];
  return [x, a * x ** 3 + b * x ** 2 + c * x + d];
}

/** Linear RGB of a hue and a saturation. @param {number} hue  degrees @param {number} saturation  0..1 @returns {Triple} */
export function ofHue(hue, saturation) {
  const part = (/** @type {number} */ shift) => {
    const k = (shift + hue / 60) % 6;
    return 1 - saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [part(5), part(3), part(1)];
}

/** Which faders set this colour. @param {Colour | null | undefined} colour @returns {Mode} */
export function modeOf(colour) {
  if (colour?.hue != null) return "hsi";
  return colour?.xy ? "xy" : "cct";
}

/** A merge patch that makes it exactly this colour. @param {Colour} colour @returns {Record<string, unknown>} */
export const exactly = (colour) => ({ cct: null, tint: null, xy: null, hue: null, saturation: null, ...colour });

/** Chromaticity, roughly: enough to begin another way of setting it, and to show it. @param {Colour | null | undefined} colour */
export function roughly(colour) {
  if (colour?.xy) return colour.xy;
  if (colour?.hue != null) return xyOf(ofHue(colour.hue, colour.saturation ?? 0));
  return colour?.cct ? planckian(colour.cct) : D65;
}

/** The same colour, said another way. @param {Mode} mode @param {Colour | null | undefined} colour @returns {Colour} */
export function converted(mode, colour) {
  const xy = roughly(colour);
  if (mode === "xy" || mode === "rgb") return { xy: [tidy(xy[0]), tidy(xy[1])] };
  if (mode === "cct") return { cct: colour?.cct ?? kelvinOf(xy), tint: colour?.tint ?? 0 };
  return hueOf(rgbOf(xy));
}

/** McCamy's approximation, to 50 K, within what lamps make. @param {Pair} xy */
export function kelvinOf([x, y]) {
  const n = (x - 0.332) / (0.1858 - y);
  const kelvin = 449 * n ** 3 + 3525 * n ** 2 + 6823.3 * n + 5520.33;
  return Math.min(Math.max(Math.round(kelvin / 50) * 50, 1800), 15000);
}

/** @param {Triple} rgb  its greatest part 1 */
function hueOf([r, g, b]) {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const span = most - least || 1;
  const sixth = most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span;
  return { hue: Math.round((sixth * 60 + 360) % 360), saturation: tidy(most ? (most - least) / most : 0) };
}

/** #rrggbb of linear RGB (IEC 61966-2-1). @param {Triple} rgb */
export function hexOf(rgb) {
  const code = (/** @type {number} */ part) => (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);
  return `#${rgb
    .map((part) =>
      Math.round(code(part) * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
