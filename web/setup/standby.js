/** Who has the light, the primary or this standby, and a person's word about it. */

import { HoldButton } from "../forms/holdbutton.js";
import { gated } from "../gate.js";
import { element } from "../html.js";
import { pick } from "../texts.js";
import * as words from "../texts/install.js";
import { headed, Word } from "./section.js";

const texts = pick(words);

/** @typedef {keyof typeof texts.orders} Order */

export class StandbySection {
  #word = new Word();
  #state = element("h3");
  #why = element("p", {});
  #note = element("p", { class: "warning", hidden: true });
  #facts = element("dl", { class: "about-facts" });
  /** @type {Map<Order, HoldButton>} */
  #orders = new Map();
  #body;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    this.services = services;
    const { store } = services;
    const orders = Object.keys(texts.orders).map((order) => this.#order(/** @type {Order} */ (order)));
    const state = element("div", { class: "panel standby-state", role: "status" }, this.#state, this.#why, this.#note);
    const controls = gated(store, "operate", element("div", { class: "orders" }, ...orders));
    this.#body = element("div", { class: "form-view" }, state, this.#facts, controls);
    const head = headed(texts.standby, "#/setup").root;
    const why = element("p", { class: "hint" }, texts.standbyWhy);
    this.root = element("section", { "aria-label": texts.standby }, head, why, this.#word.root, this.#body);
    store.on("status", () => this.#draw());
  }

  show() {
    this.#draw();
  }

  /** @param {Order} order */
  #order(order) {
    const button = new HoldButton("", texts, () => this.#say(order));
    button.text = texts.orders[order];
    this.#orders.set(order, button);
    return element("div", { class: "order" }, button.root, element("p", { class: "hint" }, texts.orderWhy[order]));
  }

  #draw() {
    if (this.root.hidden || this.root.closest("[hidden]")) return;
    const { status } = this.services.store;
    const standby = status?.engine.standby;
    this.#body.hidden = !standby;
    this.#word.say(standby || !status ? "" : texts.noStandby);
    if (!standby) return;
    const { state, primary, heard, rate_hz: rate, mode = "", handback = "", last_gap_ms: gap, note } = standby;
    const [name, why] = texts.states[state] ?? [state, ""];
    if (this.#state.textContent !== name) Object.assign(this.#state, { textContent: name });
    this.#why.textContent = why;
    this.#state.parentElement?.setAttribute("data-state", state);
    this.#note.hidden = !note;
    this.#note.textContent = note ?? "";
    const facts = [
      [texts.primary, `${primary} · ${heard ? texts.heardNow : texts.heardNot}`],
      ...(rate == null ? [] : [[texts.rate, texts.hertz(rate)]]),
      [texts.mode, texts.modes[mode] ?? mode],
      [texts.handback, texts.handbacks[handback] ?? handback],
      ...(gap == null ? [] : [[texts.gap, texts.ms(gap)]]),
    ];
    this.#facts.replaceChildren(...facts.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
    /** What would change nothing is off. @type {Record<Order, boolean>} */
    const idle = {
      take: state === "active",
      "hand-back": state !== "active",
      automatic: mode === "automatic",
      manual: mode === "manual",
    };
    for (const [order, button] of this.#orders) button.root.disabled = idle[order];
  }

  /** @param {Order} order */
  async #say(order) {
    const { api, toast } = this.services;
    try {
      await api.send("POST", "standby", { do: order });
      toast.show(texts.ordered);
    } catch (fault) {
      toast.problem(fault);
    }
  }
}
