// What browsers from 2020 on lack of what the pages and their libraries use. An entry imports this first.

// Chrome 93, Safari 15.4
if (!Object.hasOwn) {
  Object.defineProperty(Object, "hasOwn", {
    value: (/** @type {object} */ object, /** @type {PropertyKey} */ name) =>
      Object.prototype.hasOwnProperty.call(object, name),
  });
}
// Chrome 69, Safari 12
if (!Array.prototype.flatMap) {
  Object.defineProperty(Array.prototype, "flatMap", {
    /**
     * @this {unknown[]}
     * @param {(each: unknown, index: number) => unknown} callback
     */
    value(callback) {
      return [].concat(.../** @type {never[][]} */ (this.map(callback)));
    },
  });
}
// Chrome 86, Safari 14
for (const { prototype } of [Element, Document, DocumentFragment]) {
  if ("replaceChildren" in prototype) continue;
  /** @type {ParentNode} */ (prototype).replaceChildren = function (...children) {
    while (this.lastChild) this.lastChild.remove();
    this.append(...children);
  };
}
