// How the page looks, as the team chose it: remembered in clear, for it says nothing about anybody.
/** @import { Page, PageLook } from "../phone/types.js" */

const NAME = "doorroute/look";

/**
 * Return the remembered look; `changed` is called after each change.
 * @param {Page} page
 * @param {() => void} changed
 * @returns {PageLook}
 */
export function remembered(page, changed) {
  /** @type {PageLook} */
  const look = {
    lang: page.lang,
    theme: "",
    size: "normal",
    set(name, value) {
      look[name] = value;
      changed();
      try {
        const { lang, theme, size } = look;
        localStorage.setItem(NAME, JSON.stringify({ lang, theme, size }));
      } catch {
        // until the page is closed, then
      }
    },
  };
  try {
    const { set: _, ...kept } = JSON.parse(localStorage.getItem(NAME) || "{}");
    Object.assign(look, kept);
  } catch {
    // as the page was made, then
  }
  if (!(look.lang in page.words)) look.lang = page.lang;
  return look;
}
