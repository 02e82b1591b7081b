// The Leaflet map that all pages share: its settings, the button that shows everything, and how it is
// printed.
import { element } from "../dom.js";

/**
 * Make a map in a box.
 * @param {string | HTMLElement} box
 * @param {L.MapOptions} options
 */
export const streetMap = (box, options) =>
  withScale(L.map(box, { maxZoom: 20, fadeAnimation: false, ...options }));

/**
 * Give a map its scale, without Leaflet's own prefix of the attribution.
 * @param {L.Map} map
 */
export function withScale(map) {
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  return map;
}

/** The button that shows everything. */
export class ShowAll extends L.Control {
  /**
   * @param {string} title
   * @param {() => void} tapped
   */
  constructor(title, tapped) {
    super({ position: "topright" });
    this.onAdd = () => {
      const box = element("div", "leaflet-bar fit");
      const button = box.appendChild(element("a", "", "⤢"));
      Object.assign(button, { href: "#", title, role: "button" });
      button.setAttribute("aria-label", title);
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.on(button, "click", (event) => {
        L.DomEvent.preventDefault(event);
        tapped();
      });
      return box;
    };
  }
}

/**
 * Print a map as it is on the screen, smaller and on white: the style sheet scales it by these properties.
 * @param {L.Map} map
 * @param {() => void} redraw
 * @param {(size: L.Point) => number} [scale]
 */
export function printed(map, redraw, scale) {
  const { classList, style } = document.documentElement;
  for (const [event, printing] of /** @type {const} */ ([
    ["beforeprint", true],
    ["afterprint", false],
  ])) {
    addEventListener(event, () => {
      const size = map.getSize();
      classList.toggle("printing", printing);
      style.setProperty("--wide", String(size.x));
      style.setProperty("--high", String(size.y));
      if (scale) style.setProperty("--scale", String(scale(size)));
      redraw();
    });
  }
}

/**
 * Call `ready` with the map that folium makes: its script announces it when the page is complete
 * (pages/figure.py).
 * @param {(map: L.Map) => void} ready
 */
export const onFolium = (ready) => {
  /** @param {Event} event */
  const arrived = (event) => ready(/** @type {CustomEvent<L.Map>} */ (event).detail);
  document.addEventListener("folium", arrived, { once: true });
};
