/** The list of fixtures: what each region shows, what each lamp gives, and who follows what. */

import { element, icon, keep } from "./html.js";
import { texts } from "./texts.js";

/** @typedef {import("./types.js").Fixture} Fixture */
/** @typedef {{root: HTMLLIElement, draw: (signature: string) => void, colour: (lit: Lit) => void}} Row */
/** @typedef {import("./types.js").Lights["fixtures"][string]} Lit */

const WARNING = "M12 4 2.5 20h19zM12 10v5M12 17.5v.5";

export class Fixtures {
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #list = element("ul");
  #empty = element("p", { class: "hint", hidden: true }, texts.noFixtures);

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./edits.js").Edits} edits
   * @param {Node} exposure
   */
  constructor(store, edits, exposure) {
    this.store = store;
    this.edits = edits;
    /** @type {(fixture: string, region: string) => void} */
    this.onassigned = () => {};
    const heading = element("h2", { id: "fixtures-heading" }, texts.fixtures);
    this.root = element("section", { class: "fixtures", "aria-labelledby": "fixtures-heading" }, heading, exposure, this.#empty, this.#list);
    for (const topic of /** @type {const} */ (["show", "selection", "status"])) store.on(topic, () => this.#draw());
    store.on("lights", () => this.#colour());
  }

  /**
   * Lets a fixture follow a region ("" = none), as one undo step.
   * @param {string} fixture
   * @param {string} region
   */
  assign(fixture, region) {
    const follow = this.store.show?.fixtures[fixture]?.follow;
    const value = region ? { ...follow, region } : null;
    this.edits.edit(`fixtures/${fixture}`, { follow: value }, this.edits.gesture());
    if (region) this.onassigned(fixture, region);
  }

  #draw() {
    const { show, selection } = this.store;
    if (!show) return;
    const ids = Object.keys(show.fixtures);
    keep(this.#list, this.#items, ids, (id) => this.#make(id));
    const regions = Object.keys(show.regions);
    for (const id of ids) {
      const row = this.#rows.get(id);
      row?.draw(JSON.stringify([show.fixtures[id], regions, this.#warnings(id)]));
      row?.root.classList.toggle("selected", selection.fixture === id);
      row?.root.classList.toggle("following", selection.region !== null && show.fixtures[id].follow?.region === selection.region);
      row?.root.firstElementChild?.setAttribute("aria-pressed", String(selection.fixture === id));
    }
    this.#empty.hidden = ids.length > 0;
  }

  #colour() {
    for (const [id, lit] of Object.entries(this.store.lights.fixtures)) {
      if (this.#items.has(id)) this.#rows.get(id)?.colour(lit);
    }
  }

  /** @param {string} id */
  #make(id) {
    const row = makeRow(id, {
      choose: () => this.store.select(this.store.selection.fixture === id ? {} : { fixture: id }),
      assign: (region) => this.assign(id, region),
      name: () => this.store.nameOf(id),
    });
    this.#rows.set(id, row);
    return row.root;
  }

  /** Words about one fixture. @param {string} id */
  #warnings(id) {
    const said = (this.store.status?.warnings ?? [])
      .map((warning) => warning.match(/^(?:\S+: )?fixtures[./](\S+?): (.*)$/))
      .filter((match) => match && (match[1] === id || match[1].startsWith(`${id}.`)))
      .map((match) => match?.[2] ?? "");
    const { follow, control } = this.store.show?.fixtures[id] ?? {};
    if (!follow && (control ?? "follow") === "follow" && !said.length) said.push(texts.warningNoRegion);
    if (control && control !== "follow") said.unshift(texts.control(control));
    return said;
  }
}

/**
 * @param {string} id
 * @param {{choose: () => void, assign: (region: string) => void, name: () => string}} actions
 * @returns {Row}
 */
function makeRow(id, { choose, assign, name }) {
  const wall = element("span", { class: "swatch" });
  const light = element("span", { class: "swatch" });
  const swatches = element(
    "span",
    { class: "swatches", "aria-hidden": "true" },
    element("small", {}, texts.swatchWall),
    wall,
    element("small", {}, texts.swatchLight),
    light,
  );
  const [title, patch, profile] = [element("strong"), element("span", { class: "patch" }), element("span", { class: "profile" })];
  const limited = element("span", { class: "limited" });
  const heading = element("span", { class: "title" }, title, limited);
  const facts = element("span", { class: "facts" }, patch, " ", profile);
  const main = element("button", { type: "button", class: "fixture", onclick: choose }, swatches, heading, facts);
  const select = element("select", { onchange: () => assign(select.value) });
  const warnings = element("p", { class: "warning", hidden: true });
  const root = element("li", {}, main, select, warnings);
  let drawn = "";

  /** @type {Row["draw"]} */
  const draw = (signature) => {
    if (signature === drawn) return;
    drawn = signature;
    /** @type {[Fixture, string[], string[]]} */
    const [fixture, regions, words] = JSON.parse(signature);
    title.textContent = name();
    patch.textContent = texts.patch(fixture.universe, fixture.address);
    profile.textContent = `${fixture.profile.split("/").pop()} ${fixture.mode}`;
    main.title = `${fixture.profile} ${fixture.mode}`;
    fillSelect(select, regions, fixture.follow?.region ?? "");
    select.setAttribute("aria-label", texts.follows(name()));
    warnings.hidden = !words.length;
    warnings.replaceChildren(icon(WARNING), words.join(" · "));
  };
  const colour = (/** @type {Lit} */ lit) => {
    root.classList.toggle("strip", Math.max(lit.wall.length, lit.light.length) > 1);
    paint(wall, lit.wall);
    paint(light, lit.light);
    const words = (lit.limits ?? []).map((limit) => texts.limits[limit] ?? limit).join(", ");
    if (limited.textContent !== words) limited.textContent = words;
  };
  root.dataset.id = id;
  return { root, draw, colour };
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} regions
 * @param {string} chosen
 */
function fillSelect(select, regions, chosen) {
  const option = (/** @type {string} */ value) => element("option", { value }, value || texts.followsNothing);
  select.replaceChildren(...["", ...regions].map(option));
  select.value = chosen;
}

/**
 * One block a cell, left to right.
 * @param {HTMLElement} swatch
 * @param {string[]} colours
 */
function paint(swatch, colours) {
  const key = colours.join();
  if (swatch.dataset.colours === key) return;
  swatch.dataset.colours = key;
  const share = 100 / (colours.length || 1);
  const stops = colours.map((colour, index) => `${colour} ${index * share}% ${(index + 1) * share}%`);
  swatch.style.backgroundImage = colours.length ? `linear-gradient(to right, ${stops.join(", ")})` : "";
}
