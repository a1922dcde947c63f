/** What a look would show of a lamp, as a screen can: near enough to tell looks apart. Pure. */

/** @typedef {import("./look.js").LampPart} LampPart */
/** @typedef {import("./look.js").Colour} Colour */
/** @typedef {[number, number, number]} Triple */

const WHITE = "#f4f4f4";
const BLACK = "#000000";

/**
 * @param {LampPart} part
 * @param {import("../types.js").Fixture | undefined} fixture  says what the look leaves open
 * @param {string | undefined} light  the lamp's light now
 * @param {Record<string, string>} regions  the wall's colours now
 */
export function colourOf(part, fixture, light, regions) {
  const control = part.control ?? fixture?.control ?? "follow";
  if (control === "off") return BLACK;
  if (control === "follow") {
    const follow = part.follow === false ? null : (part.follow ?? fixture?.follow);
    const region = typeof follow === "string" ? follow : follow?.region;
    return (region && regions[region]) || light || BLACK;
  }
  const level = part.level ?? Number(/** @type {any} */ (fixture)?.level ?? 1);
  const colour = part.colour ?? /** @type {any} */ (fixture)?.colour ?? "wall-white";
  return dimmed(colour === "wall-white" ? [0.95, 0.95, 0.95] : linear(colour), level);
}

/** @param {Colour} colour @returns {Triple} linear, its strongest part 1 */
function linear(colour) {
  if (colour.hue !== undefined && colour.hue !== null) return hued(colour.hue, colour.saturation ?? 1);
  const [x, y] = colour.xy ?? kelvin(colour.cct ?? 6500);
  const [X, Z] = [x / y, (1 - x - y) / y];
  /** @type {Triple} */
  const rgb = [3.2406 * X - 1.5372 - 0.4986 * Z, -0.9689 * X + 1.8758 + 0.0415 * Z, 0.0557 * X - 0.204 + 1.057 * Z];
  const most = Math.max(...rgb, 1e-6);
  return /** @type {Triple} */ (rgb.map((part) => Math.max(part / most, 0)));
}

/** The black-body locus, by the cubic splines of Kim and others (2002). @param {number} cct @returns {[number, number]} */
function kelvin(cct) {
  const t = Math.min(Math.max(cct, 1667), 25000);
  const x =
    t <= 4000
      ? -0.2661239e9 / t ** 3 - 0.2343589e6 / t ** 2 + 0.8776956e3 / t + 0.17991
      : -3.0258469e9 / t ** 3 + 2.1070379e6 / t ** 2 + 0.2226347e3 / t + 0.24039;
  const y =
    t <= 2222
      ? -1.1063814 * x ** 3 - 1.3481102 * x ** 2 + 2.18555832 * x - 0.20219683
      : t <= 4000
        ? -0.9549476 * x ** 3 - 1.37418593 * x ** 2 + 2.09137015 * x - 0.16748867
        : 3.081758 * x ** 3 - 5.8733867 * x ** 2 + 3.75112997 * x - 0.37001483;
  return [x, y];
}

/** @param {number} hue @param {number} saturation @returns {Triple} */
function hued(hue, saturation) {
  const part = (/** @type {number} */ at) => {
    const k = (at + hue / 60) % 6;
    return 1 - saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [part(5), part(3), part(1)];
}

/** @param {Triple} rgb @param {number} level */
function dimmed(rgb, level) {
  if (rgb.every((part) => part > 0.94) && level >= 1) return WHITE;
  const code = (/** @type {number} */ light) => Math.round(255 * Math.min(light, 1) ** (1 / 2.2));
  return `#${rgb
    .map((part) =>
      code(part * level)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
