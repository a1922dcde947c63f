/** What lies under the finger, enlarged beside it, while it drags something small. */

import { element } from "../html.js";

/** @typedef {import("../types.js").Pair} Pair */

const SIZE = 128; // CSS pixels
const ZOOM = 3;
const CLEAR = 96; // from the finger to the middle of the loupe

export class Loupe {
  root = element("canvas", { class: "loupe", width: SIZE * 2, height: SIZE * 2, hidden: true, "aria-hidden": "true" });
  /** @type {{at: Pair, scale: Pair, outline: string} | null} */
  #view = null;

  /** @param {HTMLCanvasElement} picture */
  constructor(picture) {
    this.picture = picture;
  }

  /**
   * @param {Pair} at  pixels of the picture as it is shown
   * @param {Pair} scale  its size
   * @param {string} outline  of the region, an SVG path in those pixels
   */
  show(at, scale, outline) {
    this.#view = { at, scale, outline };
    const [x, y] = at;
    const above = y - CLEAR > SIZE / 2;
    const side = x > scale[0] / 2 ? -CLEAR : CLEAR;
    Object.assign(this.root.style, {
      left: `${Math.min(Math.max(above ? x : x + side, SIZE / 2), scale[0] - SIZE / 2)}px`,
      top: `${above ? y - CLEAR : Math.max(y, SIZE / 2)}px`,
    });
    this.root.hidden = false;
    this.draw();
  }

  hide() {
    this.#view = null;
    this.root.hidden = true;
  }

  /** Again with the newest picture. */
  draw() {
    const pen = this.#view && this.root.getContext("2d", { alpha: false });
    if (!pen || !this.#view) return;
    const { at, scale, outline } = this.#view;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#000";
    pen.fillRect(0, 0, 2 * SIZE, 2 * SIZE);
    pen.setTransform(2 * ZOOM, 0, 0, 2 * ZOOM, SIZE - 2 * ZOOM * at[0], SIZE - 2 * ZOOM * at[1]);
    pen.drawImage(this.picture, 0, 0, scale[0], scale[1]);
    const path = new Path2D(outline);
    for (const [colour, width] of /** @type {[string, number][]} */ ([
      ["#000", 1.4],
      ["#ffb020", 0.7],
    ])) {
      Object.assign(pen, { strokeStyle: colour, lineWidth: width });
      pen.stroke(path);
    }
  }
}
