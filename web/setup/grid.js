/** 512 slots as they are now: level as a number and a bar, whose slot it is; walked through with the arrow keys. */

import { element } from "../html.js";
import { texts } from "./words.js";

const SLOTS = 512;
const KEYS = /** @type {Record<string, (slot: number, columns: number) => number>} */ ({
  ArrowRight: (slot) => slot + 1,
  ArrowLeft: (slot) => slot - 1,
  ArrowDown: (slot, columns) => slot + columns,
  ArrowUp: (slot, columns) => slot - columns,
  Home: () => 0,
  End: () => SLOTS - 1,
});

export class Grid {
  /** @type {number[]} */
  #levels = Array(SLOTS).fill(-1);
  /** @type {(string | undefined)[]} */
  #owners = [];
  #at = 0;
  #cells = Array.from({ length: SLOTS }, (_, slot) => makeCell(slot));
  #said = element("p", { class: "slot-said", role: "status" });
  #list = element("div", { class: "slots", role: "listbox", tabIndex: 0, "aria-label": texts.slotList });

  constructor() {
    this.#list.append(...this.#cells.map(({ root }) => root));
    this.root = element("div", { class: "grid" }, this.#said, this.#list);
    this.#list.addEventListener("click", (event) => this.#click(event));
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    this.draw(null);
    this.#go(0, false);
  }

  /** @param {number[] | null} levels  null: nothing is known */
  draw(levels) {
    this.root.classList.toggle("silent", !levels);
    this.#cells.forEach((cell, slot) => {
      const level = levels?.[slot] ?? -1;
      if (level === this.#levels[slot]) return;
      this.#levels[slot] = level;
      cell.level.textContent = level < 0 ? "–" : String(level);
      cell.bar.style.height = `${(Math.max(level, 0) / 255) * 100}%`;
      cell.root.classList.toggle("lit", level > 0);
      if (slot === this.#at) this.#say();
    });
  }

  /** Whose slots they are: lamps by slot, and a mark where another lamp begins. @param {(string | undefined)[]} owners */
  own(owners) {
    this.#owners = owners;
    let odd = false;
    this.#cells.forEach(({ root }, slot) => {
      const owner = owners[slot];
      if (owner !== undefined && owner !== owners[slot - 1]) odd = !odd;
      root.classList.toggle("owned", owner !== undefined);
      root.classList.toggle("other", owner !== undefined && odd);
      root.classList.toggle("first", owner !== undefined && owner !== owners[slot - 1]);
      root.title = owner ?? "";
    });
    this.#say();
  }

  #say() {
    const said = texts.slotSaid(this.#at + 1, this.#levels[this.#at], this.#owners[this.#at]);
    if (this.#said.textContent !== said) this.#said.textContent = said;
  }

  /** @param {number} slot */
  #go(slot, scroll = true) {
    const former = this.#cells[this.#at].root;
    former.setAttribute("aria-selected", "false");
    this.#at = Math.min(Math.max(slot, 0), SLOTS - 1);
    const { root } = this.#cells[this.#at];
    root.setAttribute("aria-selected", "true");
    this.#list.setAttribute("aria-activedescendant", root.id);
    if (scroll) root.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#say();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const cell = /** @type {Element} */ (event.target).closest("[data-slot]");
    if (cell instanceof HTMLElement) this.#go(Number(cell.dataset.slot));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = KEYS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const top = this.#cells[0].root.offsetTop;
    const columns = Math.max(
      1,
      this.#cells.findIndex(({ root }) => root.offsetTop > top),
    );
    this.#go(step(this.#at, columns));
  }
}

/** @param {number} slot */
function makeCell(slot) {
  const [bar, level] = [element("i"), element("b", {}, "–")];
  const root = element(
    "div",
    { class: "slot", role: "option", id: `slot-${slot + 1}`, "aria-selected": "false" },
    bar,
    element("small", {}, String(slot + 1)),
    level,
  );
  root.dataset.slot = String(slot);
  return { root, bar, level };
}
