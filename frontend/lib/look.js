// How maps and charts look; the colours of the rest of a page are in its style sheet.

/** The page's font, for canvases. It is set once, as `--font` in the style sheet. */
export const FONT = getComputedStyle(document.documentElement).getPropertyValue("--font").trim();

/** @typedef {"light" | "dark"} Scheme */

/** @returns {Scheme} */
export function scheme() {
  const { classList, dataset } = document.documentElement;
  if (dataset.theme) return /** @type {Scheme} */ (dataset.theme);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches && !classList.contains("printing");
  return dark ? "dark" : "light";
}

/**
 * Call `changed` when the system turns light or dark.
 * @param {() => void} changed
 */
export const onScheme = (changed) =>
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);

// prettier-ignore
const PALETTES = {
  light: {
    land: "#f5f3ee", green: "#e2ebd6", wood: "#d3e1c6", water: "#c3dcea", plaza: "#ece7df", building: "#e4ddd3",
    wall: "#cfc6b9", stream: "#a9cde0", rail: "#c4c0bb", steps: "#b6a894", foot: "#d8cdbd", service: "#ffffff",
    minor: "#ffffff", major: "#fff6dc", trunk: "#fbe6b5", casing: "#d6cec1", text: "#55504a", soft: "#7a7267",
    halo: "#fbfaf7",
  },
  dark: {
    land: "#15181d", green: "#1a241c", wood: "#18261b", water: "#12293a", plaza: "#1d2127", building: "#22272f",
    wall: "#333a45", stream: "#1d4258", rail: "#3d4149", steps: "#4d4a44", foot: "#353a42", service: "#363c46",
    minor: "#3d434e", major: "#4d5260", trunk: "#5b5a58", casing: "#101317", text: "#c7ccd4", soft: "#98a0ab",
    halo: "#14171c",
  },
};
/** @typedef {typeof PALETTES.light} Palette */

/** Return the base map's colours as the page looks now. */
export const palette = () => PALETTES[scheme()];

/** The edge of lines and pins on the map, and the light around lines. */
export const EDGE = { light: "rgba(20, 24, 32, 0.78)", dark: "rgba(4, 6, 9, 0.9)" };
export const HALO = { light: "rgba(255, 255, 255, 0.85)", dark: "rgba(255, 255, 255, 0.16)" };
