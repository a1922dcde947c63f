/** Regions over the picture: tap selects, drag moves, corners size, arrow keys do both. */

import { clamp, moved, sized } from "./geometry.js";
import { keep, setAll, svg } from "./html.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {{id: string, pointer: number, corner: [number, number] | null, from: [number, number], start: Box,
 *             gesture: string, begun: boolean}} Drag */

const SLOP = 3; // pixels before a press becomes a drag
const REACH = 14; // half of the smallest target that a finger finds, pixels
const STEP = 0.005; // of the picture, per arrow key
const KEYS_REST_MS = 800; // a pause between key presses begins a new undo step
/** @type {[number, number][]} */
const CORNERS = [[-1, -1], [1, -1], [-1, 1], [1, 1]];
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Regions {
  /** @type {Map<string, SVGGElement>} */
  #groups = new Map();
  #shapes = svg("g");
  #grip = svg("g", { class: "grip" });
  #body = svg("rect");
  #corners = CORNERS.map((corner) => ({
    corner,
    dot: svg("rect", { class: "dot", width: 12, height: 12, rx: 2 }),
    hit: svg("circle", { class: corner[0] === corner[1] ? "hit nwse" : "hit nesw", r: 24 }),
  }));
  /** @type {Drag | null} */
  #drag = null;
  #swallowClick = false;
  #frame = 0;
  #keys = { time: 0, gesture: "" };
  #width = 1;
  #height = 1;
  #em = 13; // size of the labels, pixels

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   */
  constructor(store, edits) {
    this.store = store;
    this.edits = edits;
    /** Where a tap goes while a fixture waits for its region. @type {(region: string) => boolean} */
    this.onpick = () => false;
    /** @type {(region: string) => void} */
    this.ondelete = () => {};
    this.#grip.append(this.#body, ...this.#corners.flatMap(({ dot, hit }) => [dot, hit]));
    const label = { class: "regions", role: "group", "aria-label": texts.regions };
    this.root = svg("svg", label, this.#shapes, this.#grip);
    this.#listen();
    for (const topic of /** @type {const} */ (["show", "selection", "lights"])) store.on(topic, () => this.#redraw());
    store.on("link", () => this.store.link === "live" || this.#cancel());
  }

  #listen() {
    const { root } = this;
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    root.addEventListener("pointerup", (event) => this.#up(event, false));
    root.addEventListener("pointercancel", (event) => this.#up(event, true));
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    // Browsers that ignore touch-action inside SVG would scroll under the finger.
    root.addEventListener("touchmove", (event) => this.#drag && event.cancelable && event.preventDefault(), {
      passive: false,
    });
    new ResizeObserver(() => this.#measure()).observe(root);
  }

  #measure() {
    this.#width = this.root.clientWidth || 1;
    this.#height = this.root.clientHeight || 1;
    this.#em = Number.parseFloat(getComputedStyle(this.root).fontSize);
    setAll(this.root, { viewBox: `0 0 ${this.#width} ${this.#height}` });
    this.#redraw();
  }

  // ------------------------------------------------------------------------------------------ finger and mouse

  /** @param {PointerEvent} event */
  #down(event) {
    this.#swallowClick = false;
    if (this.#drag || event.button !== 0 || !event.isPrimary || this.store.link !== "live") return;
    const corner = this.#corners.find(({ hit }) => hit === event.target)?.corner ?? null;
    const held = corner || event.target === this.#body ? this.store.selection.region : null;
    const id = held ?? (event.pointerType === "mouse" ? (this.#under(event)[0] ?? null) : null);
    const region = id && this.store.show?.regions[id];
    if (!region || this.store.selection.fixture) return;
    const start = { center: region.center, size: region.size };
    const gesture = this.edits.gesture();
    this.#drag = { id, pointer: event.pointerId, corner, from: [event.clientX, event.clientY], start, gesture, begun: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    const [x, y] = [event.clientX - drag.from[0], event.clientY - drag.from[1]];
    if (!drag.begun) {
      if (Math.hypot(x, y) < SLOP) return;
      drag.begun = true;
      this.root.setPointerCapture(drag.pointer);
      this.store.select({ region: drag.id });
    }
    this.#edit(drag, x / this.#width, y / this.#height);
  }

  /**
   * @param {Drag} drag
   * @param {number} dx
   * @param {number} dy
   */
  #edit(drag, dx, dy) {
    const box = drag.corner ? sized(drag.start, drag.corner, dx, dy) : moved(drag.start, dx, dy);
    const value = drag.corner ? box : { center: box.center };
    this.edits.edit(`regions/${drag.id}`, value, drag.gesture, true);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} cancelled
   */
  #up(event, cancelled) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.#swallowClick = drag.begun;
    if (drag.begun && cancelled) this.edits.edit(`regions/${drag.id}`, drag.start, drag.gesture, true);
    this.#cancel();
  }

  #cancel() {
    const drag = this.#drag;
    this.#drag = null;
    if (drag?.begun) this.edits.release(`regions/${drag.id}`);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (this.#swallowClick) return;
    const under = event.detail ? this.#under(event) : [this.#idOf(event.target)].filter((id) => id !== null);
    const next = under[(under.indexOf(this.store.selection.region ?? "") + 1) % (under.length || 1)] ?? null;
    this.#choose(next);
  }

  /** @param {string | null} id */
  #choose(id) {
    if (id && this.onpick(id)) return;
    this.store.select({ region: id });
    if (id) this.#groups.get(id)?.focus({ preventScroll: true });
  }

  /** Regions below a point, smallest first. @param {MouseEvent} event */
  #under(event) {
    const frame = this.root.getBoundingClientRect();
    const point = [event.clientX - frame.left, event.clientY - frame.top];
    const scale = [this.#width, this.#height];
    const regions = Object.entries(this.store.show?.regions ?? {});
    const near = regions.filter(([, { center, size }]) =>
      [0, 1].every((i) => Math.abs(point[i] - center[i] * scale[i]) <= Math.max((size[i] * scale[i]) / 2, REACH)),
    );
    return near.sort(([, a], [, b]) => a.size[0] * a.size[1] - b.size[0] * b.size[1]).map(([id]) => id);
  }

  /** @param {EventTarget | null} target */
  #idOf(target) {
    const group = target instanceof Element ? target.closest("g.region") : null;
    return group?.getAttribute("data-id") ?? null;
  }

  // ------------------------------------------------------------------------------------------ keyboard

  /** @param {KeyboardEvent} event */
  #key(event) {
    const id = this.#idOf(event.target);
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const selected = this.store.selection.region === id;
    if (event.key === "Enter" || event.key === " ") this.#choose(id);
    else if (event.key === "Escape") this.store.select({});
    else if (selected && (event.key === "Delete" || event.key === "Backspace")) this.ondelete(id);
    else if (selected && ARROWS[event.key]) this.#nudge(id, ARROWS[event.key], event);
    else return;
    event.preventDefault();
  }

  /**
   * @param {string} id
   * @param {[number, number]} way
   * @param {KeyboardEvent} event
   */
  #nudge(id, [x, y], event) {
    const region = this.store.show?.regions[id];
    if (!region) return;
    if (event.timeStamp - this.#keys.time > KEYS_REST_MS) this.#keys.gesture = this.edits.gesture();
    this.#keys.time = event.timeStamp;
    const box = event.shiftKey ? sized(region, [1, 1], x * STEP, y * STEP) : moved(region, x * STEP, y * STEP);
    this.edits.edit(`regions/${id}`, event.shiftKey ? box : { center: box.center }, this.#keys.gesture);
  }

  // ------------------------------------------------------------------------------------------ drawing

  #redraw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const regions = this.store.show?.regions ?? {};
    keep(this.#shapes, this.#groups, Object.keys(regions), make);
    const { selection, show } = this.store;
    const followed = selection.fixture && show?.fixtures[selection.fixture]?.follow?.region;
    for (const [id, group] of this.#groups) this.#drawRegion(id, group, regions[id], id === followed);
    const chosen = selection.region && regions[selection.region];
    this.root.classList.toggle("picking", selection.fixture !== null);
    setAll(this.#grip, { visibility: chosen ? "visible" : "hidden" });
    if (chosen) this.#drawGrip(this.#pixels(chosen));
  }

  /** @param {Box} box */
  #pixels({ center, size }) {
    const [width, height] = [size[0] * this.#width, size[1] * this.#height];
    return { x: center[0] * this.#width - width / 2, y: center[1] * this.#height - height / 2, width, height };
  }

  /**
   * @param {string} id
   * @param {SVGGElement} group
   * @param {Box} region
   * @param {boolean} followed
   */
  #drawRegion(id, group, region, followed) {
    const box = this.#pixels(region);
    const selected = this.store.selection.region === id;
    const [halo, line, dot, name] = group.children;
    group.classList.toggle("selected", selected);
    group.classList.toggle("followed", followed);
    const place = texts.place([...region.center, ...region.size].map((part) => Math.round(part * 1000) / 10));
    setAll(group, { "aria-pressed": String(selected), "aria-label": texts.region(id, place) });
    setAll(halo, box);
    setAll(line, box);
    const em = this.#em;
    const low = box.height < 2.2 * em;
    const y = clamp(low ? box.y - 0.6 * em : box.y + 1.4 * em, em, this.#height - em / 2);
    const x = clamp(low ? box.x : box.x + 0.6 * em, 4, this.#width - 3 * em);
    setAll(dot, { cx: x + 0.4 * em, cy: y - 0.34 * em, r: 0.4 * em, fill: this.store.lights.regions[id] ?? "#000000" });
    setAll(name, { x: x + 1.15 * em, y });
  }

  /** @param {{x: number, y: number, width: number, height: number}} box */
  #drawGrip(box) {
    setAll(this.#body, box);
    for (const { corner, dot, hit } of this.#corners) {
      const [x, y] = [box.x + (corner[0] > 0 ? box.width : 0), box.y + (corner[1] > 0 ? box.height : 0)];
      setAll(dot, { x: x - 6, y: y - 6 });
      // Small regions keep a middle to drag: their handles stand further out.
      const out = (side = 0) => clamp(24 - side / 4, 4, 22);
      const cx = clamp(x + corner[0] * out(box.width), 12, Math.max(this.#width - 12, 12));
      const cy = clamp(y + corner[1] * out(box.height), 12, Math.max(this.#height - 12, 12));
      setAll(hit, { cx, cy });
    }
  }
}

/** @param {string} id */
function make(id) {
  const name = svg("text", { "aria-hidden": "true" }, id);
  const keys = svg("desc", {}, texts.regionKeys);
  const group = svg("g", { class: "region", "data-id": id, role: "button", tabindex: 0 });
  group.append(svg("rect", { class: "halo" }), svg("rect", { class: "line" }), svg("circle", { class: "sample" }), name, keys);
  return group;
}
