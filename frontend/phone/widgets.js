// Buttons, links and icons of the team's page, and a dialog for browsers that have none.
import { auto, element } from "../lib/dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name of a symbol in the page's template */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"),
    use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} className
 * @param {string} text
 * @param {() => unknown} tapped
 * @param {string} [picture] the name of an icon
 */
export function button(className, text, tapped, picture) {
  const made = element("button", className);
  made.type = "button";
  if (picture) made.append(icon(picture));
  if (text) made.append(element("span", "", text));
  made.addEventListener("click", tapped);
  return made;
}

/**
 * @param {string} className
 * @param {string} text
 * @param {string} href
 * @param {string} picture the name of an icon
 */
export function link(className, text, href, picture) {
  const made = element("a", className);
  Object.assign(made, { href, rel: "noreferrer noopener" });
  if (href.startsWith("https:")) made.target = "_blank"; // an app is opened from here
  made.append(icon(picture), element("span", "", text));
  return made;
}

/**
 * Return a text whose first strong letter decides its direction.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {string | number} text
 */
export const autoText = (tag, className, text) => auto(element(tag, className, text));

/**
 * Give a browser without dialogs (iPhones before iOS 15.4) one that is shown above the page.
 * @param {HTMLDialogElement} dialog
 */
export function standIn(dialog) {
  if ("showModal" in dialog) return;
  const plain = /** @type {HTMLElement} */ (dialog);
  plain.classList.add("stand-in");
  Object.defineProperty(plain, "open", { get: () => plain.hasAttribute("open") });
  Object.assign(plain, {
    showModal: () => plain.setAttribute("open", ""),
    close() {
      if (!plain.hasAttribute("open")) return;
      plain.removeAttribute("open");
      plain.dispatchEvent(new Event("close"));
    },
  });
}
