/** The Setup tab: a way to each section, and the section that is open. */

import { element, icon } from "../html.js";
import { pick, texts as common } from "../texts.js";
import * as words from "../texts/install.js";
import { About } from "./about.js";
import { Backup } from "./backup.js";
import { Dmx } from "./dmx.js";
import { Events } from "./events.js";
import { Inputs } from "./inputs.js";
import { Nodes } from "./nodes.js";
import { Outputs } from "./outputs.js";
import { Patch } from "./patch.js";
import { People } from "./people.js";
import { Power } from "./power.js";
import { Profiles } from "./profiles.js";
import { Quality } from "./quality.js";
import { Schedule } from "./schedule.js";
import { StandbySection } from "./standby.js";
import { texts } from "./words.js";

const install = pick(words);
const FULL = 0.99; // of a circuit's limit

/** @typedef {import("../types.js").Services} Services */
/** @typedef {import("./section.js").Section} Section */
/** @typedef {keyof typeof texts.sections} Name */

/** @type {[Name, new (services: Services) => Section, string][]} */
const SECTIONS = [
  ["patch", Patch, "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14"],
  ["outputs", Outputs, "M4 12h13M12 6l6 6-6 6M21 4v16"],
  ["dmx", Dmx, "M4 20V9M8 20v-6M12 20V4M16 20v-9M20 20v-4"],
  ["nodes", Nodes, "M12 8V4h5v4zM12 8h2.500v5M5 13h14M5 13v3M19 13v3M2.500 16h5v4h-5zM16.500 16h5v4h-5z"],
  ["inputs", Inputs, "M20 12H7M12 6l-6 6 6 6M3 4v16"],
  ["schedule", Schedule, "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5M12 13v3l2 1"],
  ["power", Power, "M13 3 5 13h6l-1 8 8-10h-6z"],
  ["standby", StandbySection, "M3 5h11v8H3zM8.500 13v3M10 19h11v-7M15 15l-3 4 3 4"],
  ["profiles", Profiles, "M9 18h6M10 21h4M8 14a6 6 0 1 1 8 0c-.7.7-1 1.300-1 2H9c0-.700-.3-1.300-1-2z"],
  [
    "people",
    People,
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3.200 2.600 3.500 5.500",
  ],
  ["backup", Backup, "M12 3v11M7 10l5 5 5-5M4 17v3.500h16V17"],
  ["quality", Quality, "M2.500 12h4l3 7 5-15 3 8h4"],
  ["events", Events, "M12 7v5l3.500 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
  ["about", About, "M12 11v6M12 7.500v.2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"],
];

export class SetupScreen {
  /** @type {Map<string, Section>} */
  #sections = new Map();
  /** @type {Section | undefined} */
  #open;
  #path = "\n";
  #body = element("div", { class: "setup-body" });
  /** @type {Map<string, {link: HTMLAnchorElement, said: HTMLElement}>} */
  #links = new Map();

  /** @param {Services} services */
  constructor(services) {
    this.services = services;
    const items = SECTIONS.map(([name, , path]) => this.#way(name, path));
    const nav = element("nav", { class: "setup-nav", "aria-label": texts.setup }, element("ul", { role: "list" }, ...items));
    const needs = element("p", { class: "hint needs", hidden: true }, common.needs.structure);
    this.root = element("section", { class: "screen setup", "aria-label": texts.setup }, needs, nav, this.#body);
    const role = () => {
      needs.hidden = services.store.may("structure");
    };
    services.store.on("role", role);
    role();
    for (const topic of /** @type {const} */ (["show", "status", "role"])) services.store.on(topic, () => this.#summarise());
    services.store.on("show", () => this.#arrive());
  }

  /** @param {string[]} path  [] or a section and what is open in it */
  show(path) {
    const [name, ...inside] = path;
    const known = SECTIONS.some(([each]) => each === name);
    const key = path.join("\n");
    const again = key === this.#path;
    this.#path = key;
    this.root.classList.toggle("index", !known);
    for (const [each, { link }] of this.#links) {
      if (each === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const section = known ? this.#section(name) : undefined;
    if (section !== this.#open) this.#leave();
    this.#open = section;
    for (const each of this.#sections.values()) each.root.hidden = each !== section;
    this.#summarise();
    if (!again) section?.show(inside);
  }

  hide() {
    this.#leave();
    this.#open = undefined;
    this.#path = "\n";
  }

  #leave() {
    this.#open?.hide?.();
  }

  /** A deep link opened before the show came begins again with it. */
  #arrive() {
    if (this.#arrived || !this.services.store.show) return;
    this.#arrived = true;
    const [tab, ...path] = this.services.router.path;
    if (tab !== "setup" || !this.#open) return;
    this.#path = "\n";
    this.show(path);
  }

  #arrived = false;

  /** @param {string} name @returns {Section} */
  #section(name) {
    const found = this.#sections.get(name);
    if (found) return found;
    const kind = SECTIONS.find(([each]) => each === name)?.[1] ?? About;
    const made = new kind(this.services);
    made.root.classList.add("section");
    this.#sections.set(name, made);
    this.#body.append(made.root);
    return made;
  }

  /** @param {Name} name @param {string} path */
  #way(name, path) {
    const said = element("span", { class: "facts" });
    const link = element("a", { href: `#/setup/${name}` }, icon(path), element("strong", {}, texts.sections[name]), said);
    this.#links.set(name, { link, said });
    return element("li", {}, link);
  }

  #summarise() {
    if (this.root.hidden) return;
    const { show, status, role, events } = this.services.store;
    const nodes = status?.nodes ?? [];
    const standby = status?.engine.standby;
    const loads = Object.entries(show?.circuits ?? {}).map(([id, { limit_w }]) => status?.circuits?.[id] ?? { watts: 0, limit_w });
    this.#links.get("standby")?.link.parentElement?.toggleAttribute("hidden", !standby);
    const outputs = status?.outputs ?? [];
    /** @type {Partial<Record<Name, string>>} */
    const words = {
      patch: show ? texts.lampCount(Object.keys(show.fixtures).length) : "",
      outputs: texts.outputCount((show?.outputs ?? outputs).length, outputs.filter((each) => each.failing).length),
      dmx: texts.dmxShort,
      nodes: texts.nodeCount(nodes.length, nodes.filter((each) => each.missing).length),
      inputs: texts.inputCount((show?.inputs ?? []).length),
      schedule: install.entryCount((show?.schedule ?? []).length),
      power: install.circuitCount(loads.length, loads.filter(({ watts, limit_w }) => watts >= limit_w * FULL).length),
      standby: install.states[standby?.state ?? ""]?.[0] ?? "",
      profiles: texts.profilesShort,
      people: common.roles[role],
      backup: texts.backupShort,
      quality: status?.feed.fps == null ? "" : texts.fps(status.feed.fps),
      events: events.at(-1)?.text ?? texts.eventsShort,
      about: texts.aboutShort,
    };
    for (const [name, { said }] of this.#links) {
      const text = words[/** @type {Name} */ (name)] ?? "";
      if (said.textContent !== text) said.textContent = text;
    }
  }
}
