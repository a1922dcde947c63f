/** The slate from near: scene, shot, take; roll and cut; the lamps that stay in hand. */

import { HoldButton } from "../forms/holdbutton.js";
import { element, keep } from "../html.js";
import { pick } from "../texts.js";
import * as words from "../texts/take.js";

const texts = pick(words);
const MOST = 9999;
const LONGEST = 40;

export class TakeSheet {
  #scene = this.#field(texts.scene, "scene");
  #shot = this.#field(texts.shot, "shot");
  #take = element("input", { inputMode: "numeric", autocomplete: "off", maxLength: 4, onchange: () => this.#write() });
  #turn = new HoldButton("roll", texts, () => this.#rollOrCut());
  #state = element("h2");
  #why = element("p", { class: "hint" });
  /** @type {Map<string, HTMLLabelElement>} */
  #items = new Map();
  #ride = element("div", { class: "checks" });
  #none = element("p", { class: "hint", hidden: true }, texts.noLamps);
  #slate;
  #lamps;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const close = element("button", { type: "button", class: "quiet", onclick: () => this.dialog.close() }, texts.close);
    const step = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ way) =>
      element("button", { type: "button", class: "quiet", "aria-label": label, onclick: () => this.#step(way) }, text);
    const take = element("div", { class: "field" }, element("label", { htmlFor: "slate-take" }, texts.take));
    this.#take.id = "slate-take";
    take.append(element("div", { class: "counter" }, step("−", texts.less, -1), this.#take, step("+", texts.more, 1)));
    this.#slate = element(
      "fieldset",
      { class: "gate" },
      element("div", { class: "slate-fields" }, this.#scene.root, this.#shot.root, take),
    );
    this.#lamps = element("fieldset", { class: "ride" }, element("legend", {}, texts.ride), element("p", { class: "hint" }, texts.rideWhy));
    this.#lamps.append(this.#none, this.#ride);
    const all = element("a", { class: "button quiet", href: "#/looks/takes", onclick: () => this.dialog.close() }, texts.all);
    const head = element("div", { class: "heading" }, this.#state, close);
    this.dialog = element("dialog", { class: "dialog take-sheet", "aria-label": texts.title });
    this.dialog.append(head, this.#slate, this.#turn.root, this.#why, this.#lamps, all);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
    for (const topic of /** @type {const} */ (["live", "role", "show", "link"])) services.store.on(topic, () => this.#draw());
  }

  open() {
    this.dialog.showModal();
    this.#draw();
  }

  /** @param {string} name @param {"scene" | "shot"} key */
  #field(name, key) {
    const input = element("input", {
      autocomplete: "off",
      spellcheck: false,
      maxLength: LONGEST,
      name: key,
      onchange: () => this.#write(),
    });
    return { input, root: element("label", { class: "field" }, element("span", {}, name), input) };
  }

  /** What stands on the slate now. */
  get #written() {
    const take = Math.round(Number(this.#take.value));
    const number = take >= 1 && take <= MOST ? take : this.services.store.live.take.take;
    return { scene: this.#scene.input.value.trim(), shot: this.#shot.input.value.trim(), take: number };
  }

  #draw() {
    if (!this.dialog.open) return;
    const { store } = this.services;
    const { rolling, scene, shot, take } = store.live.take;
    const may = store.free && store.may("panic");
    for (const [input, value] of /** @type {const} */ ([
      [this.#scene.input, scene],
      [this.#shot.input, shot],
      [this.#take, String(take)],
    ])) {
      if (document.activeElement !== input) input.value = value;
    }
    this.dialog.classList.toggle("rolling", rolling);
    this.#state.textContent = rolling ? texts.rolling : texts.title;
    this.#why.textContent = rolling ? texts.rollingWhy : texts.ready;
    this.#turn.text = rolling ? texts.cut : texts.roll;
    this.#turn.root.disabled = !may;
    this.#slate.disabled = this.#lamps.disabled = !may || rolling;
    this.#drawRide();
  }

  #drawRide() {
    const { store } = this.services;
    const ids = Object.keys(store.show?.fixtures ?? {});
    const { ride, rolling } = store.live.take;
    keep(this.#ride, this.#items, ids, (id) => this.#item(id));
    for (const [id, item] of this.#items) {
      /** @type {HTMLInputElement} */ (item.firstChild).checked = ride.includes(id);
      item.hidden = rolling && !ride.includes(id);
      if (item.lastChild?.textContent !== store.nameOf(id)) item.lastChild?.replaceWith(named(store.nameOf(id)));
    }
    this.#none.hidden = ids.length > 0;
    this.#lamps.hidden = rolling && !ride.length;
  }

  /** @param {string} id */
  #item(id) {
    const box = element("input", { type: "checkbox", onchange: () => this.#arm(id, box.checked) });
    return element("label", { class: "check" }, box, named(""));
  }

  /** @param {string} id @param {boolean} armed */
  #arm(id, armed) {
    const { ride } = this.services.store.live.take;
    this.#tell({ ride: armed ? [...ride, id] : ride.filter((each) => each !== id) });
  }

  /** @param {number} way */
  #step(way) {
    this.#take.value = String(Math.min(Math.max(this.#written.take + way, 1), MOST));
    this.#write();
  }

  #write() {
    this.#tell(this.#written);
  }

  /** After a cut the next take has the next number. */
  #rollOrCut() {
    const { rolling, take } = this.services.store.live.take;
    this.#tell(rolling ? { rolling: false, take: Math.min(take + 1, MOST) } : { ...this.#written, rolling: true });
  }

  /** @param {Partial<import("../types.js").Slate>} value */
  async #tell(value) {
    if (!(await this.services.edits.ask({ type: "take", value }))) this.#draw();
  }
}

/** @param {string} name */
const named = (name) => element("span", { class: "check-name" }, name);
