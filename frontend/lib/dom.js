// Small helpers around the DOM. Texts are only ever written as text.

/**
 * Return the element with an id that the page's template holds.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * Return all elements that a selector finds, in the page or inside an element.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [inside]
 * @returns {T[]}
 */
export const all = (selector, inside = document) => [
  .../** @type {NodeListOf<T>} */ (inside.querySelectorAll(selector)),
];

/**
 * Return the element inside another that the page's template holds.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} inside
 * @param {string} selector
 * @returns {T}
 */
export const one = (inside, selector) => /** @type {T} */ (inside.querySelector(selector));

/**
 * Make an element; `text` is written as text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string | number} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = String(text);
  return made;
}

/**
 * Let the first strong letter decide the direction of an element's text.
 * @template {HTMLElement} T
 * @param {T} made
 * @returns {T}
 */
export const auto = (made) => Object.assign(made, { dir: "auto" });

/**
 * Read the JSON that the page carries in the element `id`.
 * @param {string} id
 * @returns {any}
 */
export const data = (id) => JSON.parse(byId(id).textContent || "");

/** Resolve after two frames, when what was written before is on the screen. */
export const painted = () =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
