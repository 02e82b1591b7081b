// The team's map: its route, the leg to the next door over it, what became of each door, and where the phone
// is.
/** @import { LatLngTuple } from "leaflet" */
/** @import { Door, Mark, Route } from "./types.js" */
import { leg, line } from "../lib/line.js";
import { scheme } from "../lib/look.js";
import { BaseMap } from "../lib/map/basemap.js";
import { addRoutes } from "../lib/map/routes.js";
import { addClosed, depotSign } from "../lib/map/signs.js";
import { streetMap } from "../lib/map/street_map.js";

const NEXT = { light: ["#d0002a", "#ffffff"], dark: ["#ffd60a", "#141414"] };
const ME = "#0a6cff";
/** How a door is shown by its mark, in the order of `STATUS`. */
const SIGNS = [
  null,
  { label: "✓", colour: "#00613f", ink: "#ffffff" },
  { label: "⌂", colour: "#8a4600", ink: "#ffffff" },
  { label: "✕", colour: "#8d0a3c", ink: "#ffffff" },
  { label: "½", colour: "#4a3f9e", ink: "#ffffff" },
];
const NEAR_M = 4; // a door that is closer to the street needs no dots

/** @typedef {(index: number) => Mark} MarkOf */

export class PhoneMap {
  /**
   * @param {HTMLElement} box
   * @param {Route} route
   * @param {Door[]} doors
   * @param {Uint8Array} bytes of the base map
   * @param {(index: number) => void} onDoor
   */
  constructor(box, route, doors, bytes, onDoor) {
    this.route = route;
    this.doors = doors;
    this.current = -1;
    /** @type {L.Layer[]} */
    this.next = [];
    /** @type {number | null} */
    this.watching = null;
    /** @type {{ dot: L.CircleMarker, around: L.Circle } | null} */
    this.me = null;
    this.line = line(route.line);
    this.map = streetMap(box, { zoomSnap: 0.25, zoomControl: false, center: route.depots[0].at, zoom: 16 });
    L.control.zoom({ position: "topright" }).addTo(this.map);
    this.routes = addRoutes(this.map, [route], {
      signs: route.depots.map(({ at }) => at),
      onPin: (_, pin) => onDoor(pin.stops[0] - 1),
    });
    this.routes.highlight(0);
    for (const { at, name } of route.depots) depotSign(at, name).addTo(this.map);
    addClosed(this.map, route.closed);
    this.ground = new BaseMap({ ...route.map, bytes }).addTo(this.map);
    this.map.fitBounds(this.everything(), { padding: [26, 26], maxZoom: 18, animate: false });
  }

  everything() {
    return this.doors.reduce((all, { at }) => all.extend(at), L.latLngBounds(this.line));
  }

  whole() {
    this.resized();
    this.map.fitBounds(this.everything(), { padding: [30, 30], maxZoom: 18, animate: false });
  }

  /**
   * Return the leg to a door from the one before it on the route.
   * @param {number} index
   */
  leg(index) {
    return leg(this.line, this.route.ends, index);
  }

  /**
   * Return the length of the leg to a door in metres.
   * @param {number} index
   */
  walk(index) {
    const points = this.leg(index).map((at) => L.latLng(at));
    return points.slice(1).reduce((sum, point, i) => sum + point.distanceTo(points[i]), 0);
  }

  /**
   * Draw the marks and the leg to a door (-1: none).
   * @param {number} index
   * @param {MarkOf} markOf
   */
  show(index, markOf) {
    const [colour, ink] = NEXT[scheme()];
    for (const layer of this.next) layer.remove();
    this.next = [];
    if (index >= 0) this.lead(index, colour, ink);
    const [{ pins }] = this.routes.drawn;
    pins.forEach((pin, i) => {
      const stops = this.route.pins[i].stops.map((number) => number - 1);
      const statuses = stops.map((stop) => markOf(stop).status);
      const sign = statuses.every(Boolean) ? SIGNS[Math.max(...statuses)] : null;
      pin.setMark({ ...sign, ring: stops.includes(index) ? colour : null });
      pin.bringToFront(); // over the leg to the next door
    });
    if (index !== this.current) this.look(index);
    this.current = index;
  }

  /**
   * Draw the leg to a door, and dots from the street to the door, where the map has no line.
   * @param {number} index
   * @param {string} colour
   * @param {string} ink
   */
  lead(index, colour, ink) {
    const points = this.leg(index),
      { at } = this.doors[index];
    if (points.length > 1) this.next.push(this.routes.stretch(points, colour, ink));
    const end = points[points.length - 1];
    if (L.latLng(end).distanceTo(at) <= NEAR_M) return;
    const { renderer } = this.routes;
    for (const [weight, color] of /** @type {[number, string][]} */ ([
      [7, "#ffffff"],
      [5, colour],
    ])) {
      const look = { renderer, interactive: false, color, weight, opacity: 1 };
      const dots = L.polyline([end, at], { ...look, dashArray: "0.5 9", lineCap: "round" });
      this.next.push(dots.addTo(this.map));
    }
  }

  /**
   * Move the map to the leg to a door (-1: to everything).
   * @param {number} index
   */
  look(index) {
    if (index < 0) {
      this.whole();
      return;
    }
    this.resized();
    const bounds = L.latLngBounds(this.leg(index)).extend(this.doors[index].at);
    // on a small phone the map is low: the leg fills it
    const edge = Math.max(20, Math.min(38, this.map.getSize().y * 0.16));
    /** @type {L.FitBoundsOptions} */
    const room = { paddingTopLeft: [34, edge], paddingBottomRight: [74, edge] };
    this.map.fitBounds(bounds, { ...room, maxZoom: 18, animate: false });
  }

  resized() {
    this.map.invalidateSize({ animate: false });
  }

  /** @param {MarkOf} markOf */
  recolour(markOf) {
    this.ground.recolour();
    this.routes.highlight(0);
    this.show(this.current, markOf);
  }

  /**
   * Follow the phone until the map is closed; call `failed` where it gives no position.
   * @param {() => void} failed
   */
  follow(failed) {
    if (!navigator.geolocation) {
      failed();
      return;
    }
    if (this.watching) {
      if (this.me) this.map.panTo(this.me.dot.getLatLng());
      return;
    }
    this.watching = navigator.geolocation.watchPosition(
      ({ coords: { latitude, longitude, accuracy } }) => this.found([latitude, longitude], accuracy),
      ({ code, PERMISSION_DENIED }) => {
        // in a stairwell it is not found for a while: the place known last stays, and it goes on looking
        if (code === PERMISSION_DENIED) this.stop();
        if (code === PERMISSION_DENIED || !this.me) failed();
      },
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 },
    );
  }

  /**
   * @param {LatLngTuple} at
   * @param {number} accuracy metres
   */
  found(at, accuracy) {
    if (this.me) {
      this.me.dot.setLatLng(at);
      this.me.around.setLatLng(at).setRadius(accuracy);
      return;
    }
    const around = L.circle(at, {
      radius: accuracy,
      color: ME,
      weight: 1,
      fillOpacity: 0.12,
      interactive: false,
    });
    const look = { color: "#ffffff", weight: 3, fillColor: ME, fillOpacity: 1, interactive: false };
    this.me = {
      around: around.addTo(this.map),
      dot: L.circleMarker(at, { radius: 9, ...look }).addTo(this.map),
    };
    const bounds = L.latLngBounds([at, this.current >= 0 ? this.doors[this.current].at : at]);
    this.map.fitBounds(bounds, { padding: [50, 50], maxZoom: 18 });
  }

  stop() {
    if (this.watching) navigator.geolocation.clearWatch(this.watching);
    this.watching = null;
  }

  remove() {
    this.stop();
    this.map.remove();
  }
}
