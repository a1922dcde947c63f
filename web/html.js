/** Elements in one call: properties where the element has them, attributes otherwise. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === "class") node.className = String(value);
    else if (key in node) /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (node))[key] = value;
    else node.setAttribute(key, String(value));
  }
  node.append(...children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAll(node, attributes);
  node.append(...children);
  return node;
}

/**
 * Sets attributes that differ, so that an unchanged drawing costs nothing.
 * @param {Element} node
 * @param {Record<string, string | number>} attributes
 */
export function setAll(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (node.getAttribute(key) !== String(value)) node.setAttribute(key, String(value));
  }
}

/**
 * Keeps one child of `parent` for each key, in order, making and removing only what changed.
 * @template {Element} N
 * @param {Element} parent
 * @param {Map<string, N>} nodes
 * @param {string[]} keys
 * @param {(key: string) => N} make
 */
export function keep(parent, nodes, keys, make) {
  for (const [key, node] of nodes) {
    if (keys.includes(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  keys.forEach((key, index) => {
    const node = nodes.get(key) ?? make(key);
    nodes.set(key, node);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/**
 * A line icon of 24 units.
 * @param {string} path
 */
export function icon(path) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }));
}
