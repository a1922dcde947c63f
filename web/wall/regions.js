/** Regions over the picture: tap selects, drag moves, handles shape, two fingers size and turn, arrow keys too. */

import { over, plus, times } from "../geometry.js";
import { Grip, REACH } from "./grip.js";
import { keep, setAll, svg } from "../html.js";
import { added, removed } from "./paths.js";
import { Pinch } from "./pinch.js";
import { definitions, drawGround, drawRegion, makeGround, makeRegion } from "./region.js";
import { area, dragged, geometry, handles, holds, isPath, moved, outline, pinched, stepped } from "./shapes.js";
import { texts } from "../texts.js";

/** @typedef {import("../types.js").Pair} Pair */
/** @typedef {import("../types.js").Region} Region */
/** @typedef {import("../types.js").Handle} Handle */
/** @typedef {{id: string, pointer: number, handle: Handle | null, from: Pair, start: Region, gesture: string,
 *             former: import("./shapes.js").Change, begun: boolean}} Drag */

const SLOP = 3; // pixels before a press becomes a drag
const STEP = 0.005; // of the picture, per arrow key
const KEYS_REST_MS = 800; // a pause between key presses begins a new undo step
/** @type {Record<string, Pair>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Regions {
  /** @type {Map<string, SVGGElement>} */
  #groups = new Map();
  #shapes = svg("g");
  /** @type {Map<string, SVGGElement>} */
  #grounds = new Map();
  #below = svg("g");
  #grip = new Grip();
  /** @type {Drag | null} */
  #drag = null;
  /** @type {Pinch | null} */
  #pinch = null;
  #swallowClick = false;
  /** Where the finger came down: a click is moved by the browser towards what it may have meant. @type {Pair} */
  #pressed = [0, 0];
  #frame = 0;
  #keys = { time: 0, gesture: "" };
  /** @type {Pair} */
  #scale = [1, 1]; // size of the picture, pixels
  #em = 13; // size of the labels, pixels

  /**
   * @param {import("../store.js").Store} store
   * @param {import("../edits.js").Edits} edits
   * @param {import("./loupe.js").Loupe} loupe
   */
  constructor(store, edits, loupe) {
    this.store = store;
    this.edits = edits;
    this.loupe = loupe;
    /** Where a tap goes while a fixture waits for its region. @type {(region: string) => boolean} */
    this.onpick = () => false;
    /** And where no region is. @type {(place: Pair) => void} */
    this.onplace = () => {};
    /** @type {(region: string) => void} */
    this.ondelete = () => {};
    const label = { class: "regions", role: "group", "aria-label": texts.regions };
    this.root = svg("svg", label, definitions(), this.#below, this.#shapes, this.#grip.root);
    this.#listen();
    for (const topic of /** @type {const} */ (["show", "selection", "lights"])) store.on(topic, () => this.#redraw());
    store.on("link", () => this.store.free || this.#cancel());
    store.on("show", () => this.#drag && !store.show?.regions[this.#drag.id] && this.#cancel());
  }

  #listen() {
    const { root } = this;
    this.#pinch = new Pinch(root, {
      begin: () => this.#beginPinch(),
      change: (spread) => this.#spread(spread),
      end: (cancelled) => this.#end(cancelled),
    });
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    root.addEventListener("pointerup", (event) => this.#up(event, false));
    root.addEventListener("pointercancel", (event) => this.#up(event, true));
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("focusin", (event) => this.#focus(event));
    // Browsers that ignore touch-action inside SVG would scroll under the finger.
    root.addEventListener("touchmove", (event) => this.#drag && event.cancelable && event.preventDefault(), {
      passive: false,
    });
    new ResizeObserver(() => this.#measure()).observe(root);
  }

  #measure() {
    if (!this.root.clientWidth) return; // another tab is open: what was measured stays
    this.#scale = [this.root.clientWidth, this.root.clientHeight];
    this.#em = Number.parseFloat(getComputedStyle(this.root).fontSize);
    setAll(this.root, { viewBox: `0 0 ${this.#scale.join(" ")}` });
    this.#redraw();
  }

  // ------------------------------------------------------------------------------------------ finger and mouse

  /** @param {PointerEvent} event */
  #down(event) {
    this.#swallowClick = false;
    this.#pressed = [event.clientX, event.clientY];
    if (this.#drag || event.button !== 0 || !event.isPrimary || !this.#mayShape) return;
    const handle = this.#grip.handleOf(event.target);
    const held = handle || this.#grip.isBody(event.target) ? this.store.selection.region : null;
    const id = held ?? (event.pointerType === "mouse" ? (this.#under(event)[0] ?? null) : null);
    const start = id && this.store.show?.regions[id];
    if (!start || this.store.selection.fixture) return;
    const from = /** @type {Pair} */ ([event.clientX, event.clientY]);
    this.#take(id, start, { pointer: event.pointerId, handle, from });
  }

  get #mayShape() {
    return this.store.free && this.store.may("structure");
  }

  /** @param {string} id @param {Region} start @param {{pointer: number, handle: Handle | null, from: Pair}} hand */
  #take(id, start, hand) {
    this.#drag = { id, start, gesture: this.edits.gesture(), former: geometry(start), begun: false, ...hand };
  }

  /** A second finger: what one finger began goes on with two. */
  #beginPinch() {
    const { region: id, fixture } = this.store.selection;
    const region = id && this.store.show?.regions[id];
    if (!region || fixture || !this.#mayShape) return false;
    this.loupe.hide();
    if (this.#drag) Object.assign(this.#drag, { start: region, pointer: 0, handle: null });
    else this.#take(id, region, { pointer: 0, handle: null, from: [0, 0] });
    return true;
  }

  /** @param {import("./pinch.js").Spread} spread */
  #spread(spread) {
    const drag = this.#drag;
    if (!drag) return;
    drag.begun = true;
    this.edits.edit(`regions/${drag.id}`, pinched(drag.start, spread, this.#scale), drag.gesture, true);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer || this.#pinch?.active) return;
    const way = /** @type {Pair} */ ([event.clientX - drag.from[0], event.clientY - drag.from[1]]);
    if (!drag.begun) {
      if (Math.hypot(...way) < SLOP) return;
      drag.begun = true;
      this.root.setPointerCapture(drag.pointer);
      if (drag.handle?.kind === "between") this.#grow(drag, drag.handle.index);
    }
    this.#edit(drag, way);
    if (drag.handle && event.pointerType === "touch") this.#magnify(drag.id, drag.handle);
  }

  /** The finger hides what it drags. @param {string} id @param {Handle} handle */
  #magnify(id, handle) {
    const region = this.store.show?.regions[id];
    const held = region && handles(region, this.#scale, handle).find(({ key }) => key === handle.key);
    if (region && held) this.loupe.show(held.at, this.#scale, outline(region, this.#scale));
    else this.loupe.hide();
  }

  /** The middle of a piece is pulled: it becomes the point that moves. @param {Drag} drag @param {number} index */
  #grow(drag, index) {
    const more = isPath(drag.start) && added(drag.start, index);
    if (!more) return;
    drag.start = { ...drag.start, ...more };
    drag.handle = handles(drag.start, this.#scale).find(({ key }) => key === `point ${index + 1}`) ?? null;
  }

  /** @param {Drag} drag @param {Pair} way  pixels */
  #edit({ id, handle, start, gesture }, way) {
    const value = handle ? dragged(start, handle, way, this.#scale) : moved(start, over(way, this.#scale), this.#scale);
    this.edits.edit(`regions/${id}`, value, gesture, true);
    const merged = isPath(start) && value.points && value.points.length < start.points.length;
    this.store.select({ region: id, point: handle?.kind === "point" && !merged ? handle.index : null });
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} cancelled
   */
  #up(event, cancelled) {
    const drag = this.#drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.#end(cancelled);
  }

  /** @param {boolean} cancelled */
  #end(cancelled) {
    const drag = this.#drag;
    if (!drag) return;
    this.#swallowClick = drag.begun;
    if (drag.begun && cancelled) this.edits.edit(`regions/${drag.id}`, drag.former, drag.gesture, true);
    if (drag.begun && drag.handle?.kind !== "point") this.#groups.get(drag.id)?.focus({ preventScroll: true });
    this.#cancel();
  }

  #cancel() {
    const drag = this.#drag;
    this.#drag = null;
    this.loupe.hide();
    if (drag?.begun) this.edits.release(`regions/${drag.id}`);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (this.#swallowClick) return;
    const handle = event.detail ? this.#grip.handleOf(event.target) : null;
    if (handle && "index" in handle) return this.#tap(handle.kind, handle.index);
    const under = event.detail ? this.#under(event) : [this.#idOf(event.target)].filter((id) => id !== null);
    if (this.store.selection.fixture && !under.length) return this.onplace(this.#placeOf(this.#pressed));
    const next = under[(under.indexOf(this.store.selection.region ?? "") + 1) % (under.length || 1)] ?? null;
    this.#choose(next);
  }

  /** Chooses a point, or makes one. @param {"point" | "between"} kind @param {number} index */
  #tap(kind, index) {
    const { region: id } = this.store.selection;
    const region = id && this.store.show?.regions[id];
    const more = this.#mayShape && region && isPath(region) && kind === "between" ? added(region, index) : null;
    if (more) this.edits.edit(`regions/${id}`, more, this.edits.gesture());
    this.store.select({ region: id, point: index + (more ? 1 : 0) });
  }

  /** @param {string | null} id */
  #choose(id) {
    if (id && this.onpick(id)) return;
    this.store.select({ region: id });
    if (id) this.#groups.get(id)?.focus({ preventScroll: true });
  }

  /** Fractions of the picture. @param {Pair} point  of the screen @returns {Pair} */
  #placeOf(point) {
    const { left, top } = this.root.getBoundingClientRect();
    return over(plus(point, [left, top], -1), this.#scale);
  }

  /** Regions below a point, smallest first. @param {MouseEvent} event */
  #under(event) {
    const point = times(this.#placeOf([event.clientX, event.clientY]), this.#scale);
    const regions = Object.entries(this.store.show?.regions ?? {});
    const near = regions.filter(([, region]) => holds(region, point, this.#scale, REACH));
    return near.sort(([, a], [, b]) => area(a, this.#scale) - area(b, this.#scale)).map(([id]) => id);
  }

  /** @param {EventTarget | null} target */
  #idOf(target) {
    const group = target instanceof Element ? target.closest("g.region") : null;
    return group?.getAttribute("data-id") ?? null;
  }

  // ------------------------------------------------------------------------------------------ keyboard

  /** @param {FocusEvent} event */
  #focus(event) {
    const handle = this.#grip.handleOf(event.target);
    if (handle?.kind === "point") this.store.select({ region: this.store.selection.region, point: handle.index });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = this.#grip.handleOf(event.target);
    const id = handle ? this.store.selection.region : this.#idOf(event.target);
    if (!id) return;
    const selected = this.store.selection.region === id;
    const away = event.key === "Delete" || event.key === "Backspace";
    if (event.key === "Escape") this.#escape(id, handle);
    else if (!handle && (event.key === "Enter" || event.key === " ")) this.#choose(id);
    else if (selected && away) this.#delete(id, handle);
    else if (selected && ARROWS[event.key]) this.#nudge(id, handle, ARROWS[event.key], event);
    else return;
    event.preventDefault();
  }

  /** From a point back to its region, from a region to none. @param {string} id @param {Handle | null} handle */
  #escape(id, handle) {
    if (handle) this.#choose(id);
    else this.store.select({});
  }

  /** @param {string} id @param {Handle | null} handle */
  #delete(id, handle) {
    const region = this.store.show?.regions[id];
    if (!handle) return this.#mayShape && this.ondelete(id);
    const less = this.#mayShape && region && isPath(region) && "index" in handle ? removed(region, handle.index) : null;
    if (!less) return;
    this.edits.edit(`regions/${id}`, less, this.edits.gesture());
    this.#choose(id);
  }

  /**
   * @param {string} id
   * @param {Handle | null} handle
   * @param {Pair} way
   * @param {KeyboardEvent} event
   */
  #nudge(id, handle, [x, y], event) {
    const region = this.store.show?.regions[id];
    if (!region || !this.#mayShape) return;
    if (event.timeStamp - this.#keys.time > KEYS_REST_MS) this.#keys.gesture = this.edits.gesture();
    this.#keys.time = event.timeStamp;
    const way = /** @type {Pair} */ ([x * STEP, y * STEP]);
    const value = stepped(region, handle, way, event.shiftKey, this.#scale);
    this.edits.edit(`regions/${id}`, value, this.#keys.gesture);
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
    keep(this.#below, this.#grounds, Object.keys(regions), makeGround);
    keep(this.#shapes, this.#groups, Object.keys(regions), makeRegion);
    for (const [id, ground] of this.#grounds) drawGround(ground, id, regions, this.#scale);
    const { selection, show, lights } = this.store;
    const followed = selection.fixture && show?.fixtures[selection.fixture]?.follow?.region;
    for (const [id, group] of this.#groups) {
      const marks = { selected: selection.region === id, followed: id === followed };
      const look = { scale: this.#scale, em: this.#em, colour: lights.regions[id] ?? "#000000", ...marks };
      drawRegion(group, id, regions[id], look);
    }
    this.root.classList.toggle("picking", selection.fixture !== null);
    const chosen = (selection.region && regions[selection.region]) || null;
    this.#grip.draw(chosen, this.#scale, selection.point, this.#drag?.handle ?? null);
  }
}
