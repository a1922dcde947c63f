/** One lamp: who decides its light, how, and the gaffer's taste on it. */

import { ColourPicker } from "./colour.js";
import { Groups } from "./groups.js";
import { stateOf } from "./state.js";
import { trimsOf } from "./trims.js";
import { isNeutral, NEUTRAL } from "./trimlaw.js";
import { Fader } from "../fader.js";
import { gated } from "../gate.js";
import { hold } from "../hold.js";
import { element, icon } from "../html.js";
import { format } from "../router.js";
import { Segmented } from "../segmented.js";
import { paint, swatch } from "../swatch.js";
import { texts } from "../texts.js";
import { wide } from "../wide.js";

/** @typedef {import("../types.js").Control} Control */

const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6";
const TARGET = "M12 3v4M12 17v4M3 12h4M17 12h4M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8";
const STAR = "M12 4v3M12 17v3M4 12h3M17 12h3M6.5 6.5l2 2M15.5 15.5l2 2M6.5 17.5l2-2M15.5 8.5l2-2";
const RIDE = "M6 4v16M6 9h.1M12 4v16M12 15h.1M18 4v16M18 7h.1M4 9h4M10 15h4M16 7h4";
const WHY = "M4 19V9M10 19V5M16 19v-7M21 19H3";

/** @param {string} path @param {string} text @param {Record<string, unknown>} props */
const action = (path, text, props) => element("button", { type: "button", class: "quiet action", ...props }, icon(path), text);

export class LampSheet {
  #id = "";
  #gesture = "";
  #title = element("h2");
  #facts = element("p", { class: "facts" });
  #state = element("p", { class: "state" });
  #warning = element("p", { class: "warning", hidden: true });
  #wall = swatch();
  #sent = swatch();
  #link = action(TARGET, texts.linkIt, { onclick: () => this.#linkToWall() });
  #identify = action(STAR, texts.identify, { title: texts.identifyWhy });
  #solo = action(EYE, texts.solo, { onclick: () => this.#toggleSolo() });
  #ride = action(RIDE, texts.ride, { title: texts.rideWhy, onclick: () => this.#toggleRide() });
  #explain = element("a", { class: "quiet action" }, icon(WHY), texts.explain);
  #control = new Segmented(texts.control, texts.controlNames, (control) => this.#edit({ control }));
  #region = element("select", { onchange: () => this.#follow(this.#region.value) });
  #take = new Segmented(texts.takes, texts.takeWhat, (take) => this.#edit({ follow: { take } }));
  #level = new Fader(texts.level, { law: "square" });
  #picker = new ColourPicker();
  #reset = element("button", { type: "button", class: "quiet", onclick: () => this.#neutral() }, texts.resetTrims);

  /**
   * @param {import("../types.js").Services} services
   * @param {HTMLElement} back
   */
  constructor(services, back) {
    this.services = services;
    this.trims = trimsOf(
      services,
      () => `fixtures/${this.#id}`,
      () => this.#fixture?.trims ?? {},
    );
    this.groups = new Groups(services);
    this.following = this.#followPart();
    this.level = element("div", { class: "faders" }, this.#level.root);
    this.root = element("section", { class: "lamp-sheet", hidden: true }, ...this.#parts(back));
    this.#wire();
  }

  /** @param {HTMLElement} back */
  #parts(back) {
    const { store } = this.services;
    const swatches = element("div", { class: "big-swatches", "aria-hidden": "true" });
    swatches.append(this.#wall, element("small", {}, texts.swatchWall), this.#sent, element("small", {}, texts.swatchLight));
    const actions = element(
      "div",
      { class: "actions" },
      gated(store, "operate", this.#identify, this.#solo, this.#ride, this.#link),
      this.#explain,
    );
    const light = element("div", { class: "panel" }, this.#control.root, this.following, this.level, this.#picker.root);
    const trims = element(
      "div",
      { class: "panel trims" },
      element("div", { class: "heading" }, element("h3", {}, texts.trims), this.#reset),
      this.trims.root,
    );
    return [
      element("div", { class: "sheet-head" }, back, element("div", { class: "names" }, this.#title, this.#facts)),
      swatches,
      this.#state,
      this.#warning,
      actions,
      gated(store, "operate", light, trims),
      this.groups.root,
    ];
  }

  #followPart() {
    const label = element("label", { class: "field" }, element("span", {}, texts.followed), this.#region);
    const take = element("div", { class: "field" }, element("span", {}, texts.takes), this.#take.root);
    return element("div", { class: "follow" }, label, take);
  }

  #wire() {
    const { store } = this.services;
    this.#level.onchange = (level) => this.#drag({ level });
    this.#picker.onchange = (value) => this.#drag(value);
    for (const part of [this.#level, this.#picker]) part.onrelease = () => this.#release();
    this.#level.ondefault = () => this.services.toast.undoable(texts.wentTo(texts.level, texts.percent(100)));
    hold(
      this.#identify,
      () => this.#flash(true),
      () => this.#flash(false),
    );
    for (const topic of /** @type {const} */ (["show", "status", "live", "role", "selection"])) store.on(topic, () => this.#draw());
    store.on("lights", () => this.#colour());
  }

  get #fixture() {
    return this.services.store.show?.fixtures[this.#id];
  }

  /** @param {string} id */
  show(id) {
    this.#id = id;
    this.root.hidden = false;
    this.groups.show(id);
    this.#draw();
    this.#colour();
  }

  hide() {
    this.root.hidden = true;
  }

  #draw() {
    const [fixture, { store }] = [this.#fixture, this.services];
    if (!fixture || this.root.hidden) return;
    const { words, warnings } = stateOf(store, this.#id);
    const { control = "follow", follow } = fixture;
    this.#title.textContent = store.nameOf(this.#id);
    const units = (fixture.units ?? 1) > 1 ? [texts.units(fixture.units ?? 1)] : [];
    this.#facts.textContent = [texts.patch(fixture.universe, fixture.address), fixture.profile, fixture.mode, ...units].join(" · ");
    this.#state.textContent = words.join(" · ");
    this.#warning.hidden = !warnings.length;
    this.#warning.textContent = warnings.join(" · ");
    this.#explain.setAttribute("href", format(["lights", this.#id, "explain"]));
    this.#link.lastChild?.replaceWith(follow ? texts.linkAgain : texts.linkIt);
    this.#link.classList.toggle("on", store.selection.fixture === this.#id);
    const soloed = store.live.solo.includes(this.#id);
    this.#solo.classList.toggle("on", soloed);
    this.#solo.setAttribute("aria-pressed", String(soloed));
    const armed = store.live.take.ride.includes(this.#id);
    this.#ride.classList.toggle("on", armed);
    this.#ride.setAttribute("aria-pressed", String(armed));
    for (const fader of [this.#level, this.trims.of("intensity")]) fader.root.classList.toggle("in-hand", store.rides(this.#id));
    this.#control.value = control;
    this.#control.allow("console", control === "console" || fixture.share !== undefined);
    this.#drawFollow();
    this.#drawHand();
    this.trims.show(fixture.trims ?? {});
    this.#reset.hidden = isNeutral(fixture.trims);
    this.groups.draw();
  }

  #drawFollow() {
    const { control = "follow", follow } = this.#fixture ?? {};
    const regions = Object.keys(this.services.store.show?.regions ?? {});
    this.following.hidden = control !== "follow";
    if (this.#region.dataset.regions !== regions.join()) {
      this.#region.dataset.regions = regions.join();
      const option = (/** @type {string} */ value) => element("option", { value }, value || texts.followsNothing);
      this.#region.replaceChildren(...["", ...regions].map(option));
    }
    this.#region.value = follow?.region ?? "";
    this.#region.setAttribute("aria-label", texts.follows(this.services.store.nameOf(this.#id)));
    this.#take.root.parentElement?.toggleAttribute("hidden", !follow);
    this.#take.value = follow?.take ?? "both";
  }

  /** What the hand sets because the wall does not. */
  #drawHand() {
    const { control = "follow", follow, colour, level = 1 } = this.#fixture ?? {};
    const take = control === "follow" && follow ? (follow.take ?? "both") : null;
    this.level.hidden = !(control === "manual" || take === "colour");
    this.#picker.root.hidden = !(control === "manual" || take === "intensity");
    this.#level.value = level;
    this.#picker.draw({ colour, level });
  }

  #colour() {
    if (this.root.hidden) return;
    const { wall = [], light = [], limits = [] } = this.services.store.lights.fixtures[this.#id] ?? {};
    paint(this.#wall, wall);
    paint(this.#sent, light);
    const { words } = stateOf(this.services.store, this.#id);
    const text = [...words, ...limits.map((limit) => texts.limits[limit] ?? limit)].join(" · ");
    if (this.#state.textContent !== text) this.#state.textContent = text;
    this.#state.classList.toggle("limited", limits.length > 0);
  }

  // ------------------------------------------------------------------------------------------ what the hand does

  /** @param {Record<string, unknown>} value */
  #edit(value) {
    this.services.edits.edit(`fixtures/${this.#id}`, value, this.services.edits.gesture());
  }

  /** @param {Record<string, unknown>} value */
  #drag(value) {
    this.#gesture ||= this.services.edits.gesture();
    this.services.edits.edit(`fixtures/${this.#id}`, value, this.#gesture, true);
  }

  #release() {
    this.services.edits.release(`fixtures/${this.#id}`);
    this.#gesture = "";
  }

  /** @param {string} region  "": none */
  #follow(region) {
    this.#edit({ follow: region ? { region } : null });
  }

  #neutral() {
    this.#edit({ trims: NEUTRAL });
    this.services.toast.undoable(texts.trimsReset(this.services.store.nameOf(this.#id)));
  }

  /** The lamp waits for its place; on a phone the wall comes to the front. */
  #linkToWall() {
    const { store, router } = this.services;
    store.select({ fixture: this.#id });
    if (!wide.matches) router.go("wall");
  }

  #toggleSolo() {
    const { store, edits } = this.services;
    const { solo } = store.live;
    edits.live({ solo: solo.includes(this.#id) ? solo.filter((id) => id !== this.#id) : [...solo, this.#id] });
  }

  #toggleRide() {
    const { store, edits } = this.services;
    const { ride } = store.live.take;
    edits.ask({ type: "take", value: { ride: ride.includes(this.#id) ? ride.filter((id) => id !== this.#id) : [...ride, this.#id] } });
  }

  /** @param {boolean} on */
  #flash(on) {
    this.services.edits.ask({ type: "identify", fixtures: [this.#id], on });
  }
}
