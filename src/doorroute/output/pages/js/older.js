// What browsers from 2020 on lack of what the pages and their libraries use. Comes before both.
(() => {
  "use strict";
  // Chrome 93, Safari 15.4
  if (!Object.hasOwn) Object.defineProperty(Object, "hasOwn", { value: (object, name) => Object.prototype.hasOwnProperty.call(object, name) });
  // Chrome 86, Safari 14
  for (const { prototype } of [Element, Document, DocumentFragment]) {
    if (prototype.replaceChildren) continue;
    prototype.replaceChildren = function (...children) {
      while (this.lastChild) this.lastChild.remove();
      this.append(...children);
    };
  }
})();
