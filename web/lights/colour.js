/** A colour set by hand: white by kelvin and tint, a hue, a chromaticity, or red, green and blue. */

import { converted, exactly, hexOf, modeOf, rgbOf, roughly, xyOf } from "./colourlaw.js";
import { Fader } from "../fader.js";
import { element } from "../html.js";
import { Segmented } from "../segmented.js";
import { paint, swatch } from "../swatch.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Colour} Colour */
/** @typedef {import("./colourlaw.js").Mode} Mode */
/** @typedef {{colour?: Colour | null, level?: number}} Lit */

const three = (/** @type {number} */ value) => value.toFixed(3);
const COORDINATE = { min: 0.05, max: 0.75, step: 0.001, neutral: 0.3127, format: three };

export class ColourPicker {
  /** @type {Mode | null} */
  #mode = null;
  /** @type {Colour | null} */
  #colour = null;
  #level = 1;
  #swatch = swatch();
  #modes = new Segmented(texts.colour, texts.colourModes, (mode) => this.#choose(/** @type {Mode} */ (mode)));
  #faders = {
    kelvin: new Fader(texts.kelvin, { min: 1800, max: 15000, step: 50, grain: 10, neutral: 5600, format: texts.kelvinValue }),
    tint: new Fader(texts.greenMagenta, { min: -30, max: 30, step: 0.5, grain: 0.1, neutral: 0, format: texts.tint }),
    hue: new Fader(texts.hue, { min: 0, max: 360, step: 1, grain: 1, neutral: 0, format: (hue) => texts.degrees(Math.round(hue)) }),
    saturation: new Fader(texts.saturation),
    x: new Fader(texts.xyFields.x, COORDINATE),
    y: new Fader(texts.xyFields.y, { ...COORDINATE, neutral: 0.329 }),
    r: new Fader(texts.rgb.r, { law: "square" }),
    g: new Fader(texts.rgb.g, { law: "square" }),
    b: new Fader(texts.rgb.b, { law: "square" }),
  };
  /** @type {Record<Mode, HTMLElement>} */
  #sets = {
    cct: this.#set("kelvin", "tint"),
    hsi: this.#set("hue", "saturation"),
    xy: this.#set("x", "y"),
    rgb: this.#set("r", "g", "b"),
  };
  root = element(
    "div",
    { class: "colour-picker" },
    element("div", { class: "sheet-row" }, element("h3", {}, texts.colour), this.#swatch),
    this.#modes.root,
    ...Object.values(this.#sets),
  );

  constructor() {
    /** A colour as a merge patch, with the level where it is red, green and blue. @type {(value: Record<string, unknown>) => void} */
    this.onchange = () => {};
    this.onrelease = () => {};
    for (const fader of Object.values(this.#faders)) {
      fader.onchange = () => this.#send();
      fader.onrelease = () => this.onrelease();
    }
  }

  /** @param {...string} names */
  #set(...names) {
    return element("div", { class: "faders" }, ...names.map((name) => this.#faders[/** @type {"x"} */ (name)].root));
  }

  /** @param {Lit} fixture */
  draw({ colour = null, level = 1 }) {
    const mode = modeOf(colour);
    // Red, green and blue are kept as a chromaticity: the choice of this hand stays until the colour is another kind.
    if (!(this.#mode === "rgb" && mode === "xy")) this.#mode = colour ? mode : (this.#mode ?? mode);
    this.#colour = colour;
    this.#level = level;
    this.#modes.value = this.#mode;
    for (const [name, set] of Object.entries(this.#sets)) set.hidden = name !== this.#mode;
    const shown = { ...converted("cct", colour), ...converted("hsi", colour) };
    const [x, y] = roughly(colour);
    const [r, g, b] = rgbOf([x, y]).map((part) => part * level);
    const tint = colour?.tint ?? 0;
    const values = { kelvin: shown.cct ?? 5600, tint, hue: shown.hue ?? 0, saturation: shown.saturation ?? 0, x, y, r, g, b };
    for (const [name, value] of Object.entries(values)) this.#faders[/** @type {"x"} */ (name)].value = value;
    paint(this.#swatch, [hexOf(rgbOf([x, y]))]);
  }

  /** The same colour, set another way. @param {Mode} mode */
  #choose(mode) {
    this.#mode = mode;
    this.onchange({ colour: exactly(converted(mode, this.#colour)) });
    this.onrelease();
    this.draw({ colour: converted(mode, this.#colour), level: this.#level });
  }

  #send() {
    const { kelvin, tint, hue, saturation, x, y, r, g, b } = this.#faders;
    if (this.#mode === "cct") this.onchange({ colour: exactly({ cct: Math.round(kelvin.value), tint: tint.value }) });
    else if (this.#mode === "hsi") this.onchange({ colour: exactly({ hue: Math.round(hue.value), saturation: saturation.value }) });
    else if (this.#mode === "xy") this.onchange({ colour: exactly({ xy: [x.value, y.value] }) });
    else this.#sendRgb([r.value, g.value, b.value]);
  }

  /** Black keeps its colour: it is only no light. @param {[number, number, number]} rgb  linear */
  #sendRgb(rgb) {
    const level = Math.round(Math.max(...rgb) * 1e4) / 1e4;
    this.onchange(level ? { colour: exactly({ xy: xyOf(rgb) }), level } : { level });
  }
}
