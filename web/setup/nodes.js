/** The Art-Net nodes that answered, with their port-addresses, and who has fallen silent since. */

import { Poll } from "../forms/poll.js";
import { Table } from "../forms/table.js";
import { element, icon } from "../html.js";
import { headed, Word } from "./section.js";
import { texts } from "./words.js";

/** @typedef {import("../types.js").Node & {long_name?: string, interface?: string, bind_index?: number, age_s?: number,
 *             controller?: boolean}} Node */

const POLL_S = 2;
const WARNING = "M12 4 2.5 20h19zM12 10v5M12 17.5v.5";

export class Nodes {
  #word = new Word();
  #table = new Table(texts.nodes, [
    { label: texts.node },
    { label: texts.state },
    { label: texts.ports },
    { label: texts.ip },
    { label: texts.heard, number: true },
  ]);
  #poll;

  /** @param {import("../types.js").Services} services */
  constructor(services) {
    const why = element("p", { class: "hint" }, texts.nodesWhy);
    this.root = element(
      "section",
      { "aria-label": texts.nodes },
      headed(texts.nodes, "#/setup").root,
      why,
      this.#word.root,
      this.#table.root,
    );
    this.#poll = new Poll(
      POLL_S,
      () => services.api.get("nodes"),
      (nodes) => this.#draw(nodes),
      (fault) => this.#word.explain(fault),
    );
  }

  show() {
    this.#poll.start();
  }

  hide() {
    this.#poll.stop();
  }

  /** @param {Node[]} nodes */
  #draw(nodes) {
    this.#word.say(nodes.length ? "" : texts.noNodes);
    this.#table.root.hidden = !nodes.length;
    this.#table.draw(nodes.map(nodeRow));
  }
}

/** @param {Node} node @returns {import("../forms/table.js").Row} */
function nodeRow({ name, long_name, address, interface: way, bind_index, age_s, ports, missing, controller }) {
  const places = ports.map(({ net_sub_universe, port_address }) => texts.port(net_sub_universe, port_address)).join(", ");
  const state = missing
    ? element("span", { class: "warning" }, icon(WARNING), texts.missing)
    : controller
      ? texts.controller
      : texts.answers;
  return {
    key: `${way ?? ""} ${address} ${bind_index ?? 0} ${missing}`,
    mark: missing ? "odd" : "",
    cells: [
      name || long_name || address,
      state,
      places || "–",
      way ? `${address} (${way})` : address,
      age_s == null ? "–" : texts.ago(age_s * 1000),
    ],
  };
}
