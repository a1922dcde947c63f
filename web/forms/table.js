/** A table that scrolls inside itself and changes only the cells that changed. */

import { element, keep } from "../html.js";

/** @typedef {string | Node} Cell */
/** @typedef {{key: string, cells: Cell[], mark?: string}} Row  mark: a class of the row */

export class Table {
  /** @type {Map<string, HTMLTableRowElement>} */
  #rows = new Map();
  #body = element("tbody");

  /**
   * @param {string} name  what a screen reader calls it
   * @param {{label: string, number?: boolean}[]} columns
   */
  constructor(name, columns) {
    this.columns = columns;
    const heads = columns.map(({ label, number }) => element("th", { scope: "col", class: number ? "number" : "" }, label));
    const table = element("table", { "aria-label": name }, element("thead", {}, element("tr", {}, ...heads)), this.#body);
    this.root = element("div", { class: "scroll", role: "group", "aria-label": name, tabIndex: 0 }, table);
  }

  /** @param {Row[]} rows  the first cell is the row's head */
  draw(rows) {
    const keys = rows.map((row) => row.key);
    keep(this.#body, this.#rows, keys, () => this.#make());
    for (const { key, cells, mark } of rows) {
      const row = this.#rows.get(key);
      if (!row) continue;
      row.className = mark ?? "";
      for (const [index, cell] of cells.entries()) put(row.children[index], cell);
    }
  }

  #make() {
    const cells = this.columns.map(({ number }, index) =>
      index ? element("td", { class: number ? "number" : "" }) : element("th", { scope: "row" }),
    );
    return element("tr", {}, ...cells);
  }
}

/** @param {Element} place @param {Cell} cell */
function put(place, cell) {
  if (typeof cell !== "string") {
    if (place.firstChild !== cell || place.childNodes.length > 1) place.replaceChildren(cell);
  } else if (place.textContent !== cell) {
    place.textContent = cell;
  }
}
