/** Where the page is: `#/lights/key/explain` is ["lights", "key", "explain"]. Every screen has its address. */

/** @typedef {"wall" | "lights" | "looks" | "setup"} Tab */

/** @type {Tab[]} */
export const TABS = ["wall", "lights", "looks", "setup"];

/** The path of a hash; what is no tab is the wall. Pure. @param {string} hash @returns {[Tab, ...string[]]} */
export function parse(hash) {
  const steps = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .filter(Boolean)
    .map(decoded);
  const tab = TABS.find((each) => each === steps[0]);
  return tab ? [tab, ...steps.slice(1)] : ["wall"];
}

/** The hash of a path. Pure. @param {string[]} path */
export const format = (path) => `#/${path.map(encodeURIComponent).join("/")}`;

/** @param {string} step */
function decoded(step) {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

export class Router {
  /** @type {[Tab, ...string[]]} */
  path = parse(location.hash);

  constructor() {
    /** @type {(path: [Tab, ...string[]]) => void} */
    this.onchange = () => {};
    addEventListener("hashchange", () => this.#arrive());
  }

  /** Goes to a screen; the browser's back button comes back from it. @param {...string} path */
  go(...path) {
    if (format(path) === format(this.path)) return;
    location.hash = format(path);
  }

  /** The same screen by another name, so that a link to it leads back here; no step of the history. @param {...string} path */
  rename(...path) {
    if (format(path) === format(this.path)) return;
    history.replaceState(null, "", format(path));
    this.path = parse(location.hash);
  }

  /** One step up: from a lamp to the list of lamps. */
  up() {
    this.go(...this.path.slice(0, -1));
  }

  #arrive() {
    this.path = parse(location.hash);
    this.onchange(this.path);
  }
}
