/** One lamp in the list: what the wall shows it, what is sent to it, its name, its address, how it is. */

import { element, icon } from "../html.js";
import { format } from "../router.js";
import { paint, swatch } from "../swatch.js";
import { texts } from "../texts.js";

const TICK = "m5 12 5 5 9-10";
const WARNING = "M12 4 2.5 20h19zM12 10v5M12 17.5v.5";

export class Row {
  #wall = swatch();
  #sent = swatch();
  #title = element("strong");
  #patch = element("span", { class: "patch" });
  #words = element("span");
  #limited = element("span", { class: "limited" });
  #warning = element("span", { class: "warning", hidden: true });
  #drawn = "";

  /** @param {string} id */
  constructor(id) {
    const swatches = element("span", { class: "swatches", "aria-hidden": "true" });
    swatches.append(element("small", {}, texts.swatchWall), this.#wall, element("small", {}, texts.swatchLight), this.#sent);
    const tick = element("span", { class: "tick", "aria-hidden": "true" }, icon(TICK));
    const title = element("span", { class: "title" }, this.#title, this.#limited);
    const facts = element("span", { class: "facts" }, this.#patch, " ", this.#words);
    this.link = element("a", { class: "fixture", href: format(["lights", id]) }, tick, swatches, title, facts, this.#warning);
    this.root = element("li", {}, this.link);
    this.root.dataset.id = id;
  }

  /**
   * @param {string} name
   * @param {import("../types.js").Fixture} fixture
   * @param {ReturnType<typeof import("./state.js").stateOf>} state
   */
  draw(name, fixture, { words, warnings, level }) {
    const signature = JSON.stringify([name, fixture.universe, fixture.address, words, warnings]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.#title.textContent = fixture.number ? `${fixture.number} ${name}` : name;
    this.#patch.textContent = texts.patch(fixture.universe, fixture.address);
    this.#words.textContent = words.join(" · ");
    this.#warning.hidden = !warnings.length;
    this.#warning.replaceChildren(icon(WARNING), warnings.join(" · "));
    this.root.classList.toggle("fair", level === "fair");
  }

  /** @param {import("../types.js").Lit} lit */
  colour(lit) {
    this.root.classList.toggle("strip", Math.max(lit.wall.length, lit.light.length) > 1);
    paint(this.#wall, lit.wall);
    paint(this.#sent, lit.light);
    const words = (lit.limits ?? []).map((limit) => texts.limits[limit] ?? limit).join(", ");
    if (this.#limited.textContent !== words) this.#limited.textContent = words;
  }

  /** @param {boolean} picking  a tap picks it instead of opening it @param {boolean} picked */
  mark(picking, picked) {
    this.root.classList.toggle("picked", picking && picked);
    if (picking) {
      this.link.setAttribute("role", "checkbox");
      this.link.setAttribute("aria-checked", String(picked));
    } else {
      this.link.removeAttribute("role");
      this.link.removeAttribute("aria-checked");
    }
  }
}
