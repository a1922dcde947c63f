/** How a lamp, its beam and its pool of light look on a canvas; sums of light, as in air. */

/** @typedef {[number, number, number]} Rgb  0..255 */

export const ROW = 208; // CSS pixels of one row of lamps
const TRUSS = 26; // from the top of a row
const HEAD = 42; // face of the lamps
const FLOOR = 156; // middle of the pools of light
const NAME = 196; // base line of the names
const SOFT = 7; // layers that soften the edge of a beam; neighbouring cells soften each other

/**
 * @param {Rgb} colour
 * @param {number} alpha
 */
const ink = ([r, g, b], alpha) => `rgba(${r | 0}, ${g | 0}, ${b | 0}, ${alpha})`;

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} top
 * @param {number} width
 */
export function drawRoom(pen, top, width) {
  const air = pen.createLinearGradient(0, top, 0, top + ROW);
  air.addColorStop(0, "#0d0e12");
  air.addColorStop(0.62, "#08090c");
  air.addColorStop(0.621, "#101116");
  air.addColorStop(1, "#0b0c0f");
  pen.fillStyle = air;
  pen.fillRect(0, top, width, ROW);
  pen.strokeStyle = "#2b2e37";
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(0, top + TRUSS);
  pen.lineTo(width, top + TRUSS);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x  middle of the lamp
 * @param {number} top
 * @param {number} room  width that the lamp may take
 * @param {Rgb[]} cells
 */
export function drawLamp(pen, x, top, room, cells) {
  const many = cells.length > 1;
  const width = many ? room * 0.86 : Math.min(room * 0.5, 56);
  const cell = width / (cells.length || 1);
  pen.fillStyle = "#1d2027";
  pen.beginPath();
  pen.roundRect(x - width / 2 - 3, top + HEAD - 12, width + 6, 16, 5);
  pen.rect(x - 1, top + TRUSS, 2, 8);
  pen.fill();
  pen.globalCompositeOperation = "lighter";
  cells.forEach((colour, index) => {
    const middle = x - width / 2 + (index + 0.5) * cell;
    drawBeam(pen, middle, top, cell, Math.min(room, 130) * (many ? 0.24 : 0.36), colour);
  });
  pen.globalCompositeOperation = "source-over";
  for (const [index, colour] of cells.entries()) drawFace(pen, x - width / 2 + index * cell, top, cell, colour, many);
}

/**
 * Beam, pool and shine of one cell. Neighbours overlap, so each is as strong as its share of the light.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} top
 * @param {number} width  of the face
 * @param {number} spread  how far the beam opens to each side
 * @param {Rgb} colour
 */
function drawBeam(pen, x, top, width, spread, colour) {
  const [face, floor] = [top + HEAD + 4, top + FLOOR];
  const reach = width / 2 + spread;
  const share = Math.min(1, width / reach);
  const fall = pen.createLinearGradient(0, face, 0, floor);
  fall.addColorStop(0, ink(colour, 0.7 * share));
  fall.addColorStop(0.4, ink(colour, 0.26 * share));
  fall.addColorStop(1, ink(colour, 0));
  pen.fillStyle = fall;
  const layers = width > 24 ? SOFT : 4;
  pen.globalAlpha = Math.min(1, 1.6 / layers);
  for (let layer = 1; layer <= layers; layer += 1) {
    const open = (spread * layer) / layers;
    pen.beginPath();
    pen.moveTo(x - width / 2, face);
    pen.lineTo(x + width / 2, face);
    pen.lineTo(x + width / 2 + open, floor);
    pen.lineTo(x - width / 2 - open, floor);
    pen.fill();
  }
  pen.globalAlpha = 1;
  glow(pen, x, floor, reach * 1.15, 20, ink(colour, 0.6 * share), ink(colour, 0));
  glow(pen, x, top + HEAD + 2, Math.max(width * 0.8, 30), 34, ink(colour, 0.45 * share), ink(colour, 0));
}

/**
 * A soft ellipse.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {number} height  half of it, as `radius` is half of the width
 * @param {string} inner
 * @param {string} outer
 */
function glow(pen, x, y, radius, height, inner, outer) {
  const soft = pen.createRadialGradient(0, 0, 0, 0, 0, radius);
  soft.addColorStop(0, inner);
  soft.addColorStop(1, outer);
  pen.save();
  pen.translate(x, y);
  pen.scale(1, height / radius);
  pen.fillStyle = soft;
  pen.fillRect(-radius, -radius, radius * 2, radius * 2);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {Rgb} colour
 * @param {boolean} many
 */
function drawFace(pen, left, top, width, colour, many) {
  const gap = many ? Math.min(1, width / 6) : 0;
  const white = Math.max(...colour) * 0.12; // the face itself is brighter than its beam
  pen.fillStyle = ink(/** @type {Rgb} */ (colour.map((part) => Math.min(255, 12 + part + white))), 1);
  pen.beginPath();
  pen.roundRect(left + gap / 2, top + HEAD - 4, width - gap, 8, many ? 1.5 : 4);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} top
 * @param {number} room
 * @param {string} name
 * @param {boolean} silent
 */
export function drawName(pen, x, top, room, name, silent) {
  pen.font = `500 ${Math.min(0.75 * rem(), 20)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.fillStyle = silent ? "#ff8a80" : "#a6a8b1";
  let text = name;
  while (text.length > 2 && pen.measureText(text).width > room - 6) text = `${text.slice(0, -2)}…`;
  pen.fillText(text, x, top + NAME);
}

const rem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
