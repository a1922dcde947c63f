/** Storing the light as it stands: a name, a fade, which lamps, which regions, which of their settings. */

import { Fields } from "../forms/field.js";
import { Stepper } from "../forms/stepper.js";
import { gated } from "../gate.js";
import { element, icon } from "../html.js";
import { texts as common } from "../texts.js";
import { Choice } from "./choice.js";
import { freeId, looksOf, nameOf } from "./look.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */

const BACK = "M15 5l-7 7 7 7";
const PARTS = /** @type {const} */ (["control", "level", "colour", "trims", "shape"]);

export class Storing {
  #id = "";
  #title = element("h2", { tabIndex: -1 });
  #why = element("p", { class: "hint" });
  #fields = new Fields();
  #fade = new Stepper(texts.fade, { less: texts.fadeLess, more: texts.fadeMore, format: texts.seconds });
  #lamps = new Choice(texts.lamps, true);
  #regions = new Choice(texts.regions, false);
  #parts = new Choice(texts.parts, false);
  #store = element("button", { type: "submit", class: "primary look-big" }, texts.store);
  #back = element("a", { class: "button quiet back", href: "#/looks", "aria-label": common.back }, icon(BACK));

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    this.#fields.text("name", texts.name, { maxLength: 80, placeholder: texts.namePlaceholder, wide: true });
    const form = element("form", { class: "panel-body", noValidate: true });
    form.append(
      gated(
        store,
        "operate",
        this.#why,
        this.#fields.root,
        this.#fade.root,
        this.#lamps.root,
        this.#regions.root,
        this.#parts.root,
        this.#store,
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    const head = element("div", { class: "sheet-head" }, this.#back, this.#title);
    this.root = element("section", { class: "look-panel panel", "aria-label": texts.storeTitle }, head, form);
    this.#parts.draw(PARTS.map((id) => ({ id, name: texts.partNames[id] })));
    this.#lamps.onchange = this.#regions.onchange = this.#parts.onchange = () => this.#enable();
    store.on("show", () => this.#draw());
    store.on("lights", () => this.#colour());
  }

  /** A new look, or more for an old one. @param {string} id  "" for a new one */
  show(id) {
    this.#id = id;
    const look = looksOf(this.services.store)[id];
    this.#title.textContent = look ? texts.storeInto(nameOf(id, look)) : texts.storeTitle;
    this.#why.textContent = look ? texts.storeMoreWhy : texts.storeWhy;
    this.#back.href = look ? `#/looks/${encodeURIComponent(id)}` : "#/looks";
    this.#fields.fill({ name: look ? nameOf(id, look) : "" });
    this.#fields.of("name").root.hidden = Boolean(look);
    this.#fade.root.hidden = Boolean(look);
    this.#fade.value = look?.fade_s ?? 3;
    this.#draw();
    this.#lamps.value = !look;
    this.#regions.value = false;
    this.#parts.value = true;
    this.#enable();
    if (look) this.#title.focus({ preventScroll: true });
    else this.#fields.of("name").control.focus({ preventScroll: true });
  }

  #draw() {
    const { show } = this.services.store;
    if (!show || this.root.hidden) return;
    this.#lamps.draw(Object.keys(show.fixtures).map((id) => ({ id, name: this.services.store.nameOf(id) })));
    this.#regions.draw(Object.keys(show.regions).map((id) => ({ id, name: id })));
    this.#colour();
  }

  #colour() {
    if (this.root.hidden) return;
    for (const [id, lit] of Object.entries(this.services.store.lights.fixtures)) this.#lamps.colour(id, lit.light);
  }

  #enable() {
    const count = this.#lamps.value.length + this.#regions.value.length;
    this.#store.disabled = !count || !this.#parts.value.length;
    this.#store.textContent = !this.#store.disabled
      ? texts.storeOf(this.#lamps.value.length, this.#regions.value.length)
      : texts.storeNothing;
  }

  async #send() {
    const { edits, toast, router, store } = this.services;
    const label = String(this.#fields.value.name ?? "");
    const looks = looksOf(store);
    if (!this.#id && !label) {
      this.#fields.blame({ faults: [{ path: "name", message: texts.nameMissing }] });
      return;
    }
    if (!this.#id && Object.entries(looks).some(([id, look]) => nameOf(id, look) === label)) {
      this.#fields.blame({ faults: [{ path: "name", message: texts.nameTaken }] });
      return;
    }
    const name = this.#id || freeId(label, Object.keys(looks));
    const own = this.#id ? {} : { label: name === label ? "" : label, fade_s: this.#fade.value };
    const what = { fixtures: this.#lamps.value, regions: this.#regions.value, parts: this.#parts.value };
    if (!(await edits.ask({ type: "look", do: "store", name, ...own, ...what }))) return;
    toast.undoable(texts.stored(label || nameOf(name, looks[name])));
    router.go("looks", ...(this.#id ? [name] : []));
  }
}
