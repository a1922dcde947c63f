/** Where the levels leave: the list with how it goes, and a form for one. */

import { element, keep } from "../html.js";
import { gated } from "../gate.js";
import { format } from "../router.js";
import { OutputForm } from "./outputform.js";
import { headed, link } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Services} Services */
/** @typedef {{protocol: "sacn" | "artnet", universes: string | number, to?: string | string[], interface?: string, priority?: number,
 *             port_address?: number | string, rate?: number | string, delay_ms?: number, sync?: boolean | number}} Output */

export class Outputs {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  #list = element("ul", { class: "rows", role: "list" });
  #none = element("p", { class: "hint", hidden: true }, texts.noOutputs);

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const add = gated(store, "structure", link("#/setup/outputs/+", texts.addOutput, "primary"));
    this.#overview = element(
      "div",
      { class: "form-view" },
      headed(texts.outputs, "#/setup").root,
      element("p", { class: "hint" }, texts.outputsWhy),
      this.#none,
      this.#list,
      element("div", { class: "buttons" }, add),
    );
    this.form = new OutputForm(services);
    this.root = element("section", { "aria-label": texts.outputs }, this.#overview, this.form.root);
    for (const topic of /** @type {const} */ (["show", "status"])) store.on(topic, () => this.#draw());
  }

  #overview;

  /** @param {string[]} path  [] · ["+"] · [place in the list, from 1] */
  show([place]) {
    this.#overview.hidden = Boolean(place);
    this.form.root.hidden = !place;
    this.#draw();
    if (place) this.form.show(place);
  }

  #draw() {
    const { store } = this.services;
    if (this.#overview.hidden || !store.show) return;
    const outputs = /** @type {Output[]} */ (/** @type {unknown} */ (store.show.outputs ?? []));
    this.#none.hidden = outputs.length > 0;
    keep(
      this.#list,
      this.#items,
      outputs.map((_, index) => String(index)),
      (key) => outputRow(Number(key)),
    );
    for (const [index, output] of outputs.entries()) this.#fill(output, index);
  }

  /** @param {Output} output @param {number} index */
  #fill(output, index) {
    const row = this.#items.get(String(index));
    if (!row) return;
    const [title, facts, state] = row.querySelectorAll("[data-part]");
    const going = (this.services.store.status?.outputs ?? [])[index];
    const same = going?.protocol === output.protocol ? going : undefined;
    const words = [
      [title, texts.outputTitle(texts.protocols[output.protocol] ?? output.protocol, String(output.universes))],
      [facts, describe(output)],
      [
        state,
        same
          ? [texts.sent(same.sent), same.errors ? texts.errors(same.errors, same.last_error ?? "") : "", same.note ?? ""]
              .filter(Boolean)
              .join(" · ")
          : "",
      ],
    ];
    for (const [place, text] of /** @type {[Element, string][]} */ (words)) if (place.textContent !== text) place.textContent = text;
    row.classList.toggle("odd", Boolean(same?.failing ?? same?.last_error));
  }
}

/** @param {number} index */
function outputRow(index) {
  const part = (/** @type {"strong" | "span"} */ tag, /** @type {string} */ kind) => {
    const node = element(tag, { class: kind });
    node.dataset.part = kind;
    return node;
  };
  const row = element("a", { class: "row-link", href: format(["setup", "outputs", String(index + 1)]) });
  row.append(part("strong", "title"), part("span", "facts"), part("span", "facts going"));
  return element("li", {}, row);
}

/** @param {Output} output */
function describe({ to, interface: way, port_address, priority, rate, delay_ms, protocol }) {
  const target = Array.isArray(to) ? to.join(", ") : (texts.ways[to ?? "multicast"] ?? to ?? "");
  return [
    texts.toWhom(target),
    way && texts.by(way),
    port_address !== undefined && port_address !== null && texts.fromPort(String(port_address)),
    protocol === "sacn" && texts.prioritySaid(priority ?? 100),
    rate && rate !== "auto" && texts.hertz(Number(rate)),
    delay_ms && texts.delayed(delay_ms),
  ]
    .filter(Boolean)
    .join(" · ");
}
