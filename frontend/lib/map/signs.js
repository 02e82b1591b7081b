// Signs on the map: depots, doors left out, what is closed today.
/** @import { LatLngExpression } from "leaflet" */
/** @import { ClosedData } from "../types.js" */
import { element } from "../dom.js";

/**
 * Return a small sign whose picture is made of elements, never of text that is read as HTML.
 * @param {LatLngExpression} at
 * @param {string} name the kind, as in `.sign-<name>` of the style sheet
 * @param {string} text
 * @param {string} title
 */
export function sign(at, name, text, title) {
  const icon = L.divIcon({
    html: element("span", `sign sign-${name}`, text),
    className: "",
    iconSize: [26, 26],
  });
  return L.marker(at, { icon, title, alt: title, keyboard: false });
}

/**
 * Return the sign of a depot.
 * @param {LatLngExpression} at
 * @param {string} title
 */
export const depotSign = (at, title) => sign(at, "depot", "⌂", title);

/**
 * Draw what is closed today: sealed gates as signs, streets and areas in dashes.
 * @param {L.Map} map
 * @param {ClosedData} closed
 */
export function addClosed(map, { word, shapes }) {
  const style = {
    color: "#b3001b",
    weight: 5,
    opacity: 0.9,
    dashArray: "2 9",
    fillOpacity: 0.14,
    interactive: false,
  };
  for (const [dimensions, points] of shapes) {
    if (dimensions > 1) L.polygon(points, style).addTo(map);
    else if (dimensions) L.polyline(points, style).addTo(map);
    else sign(points[0], "closed", "", word).addTo(map);
  }
}
