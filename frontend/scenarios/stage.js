// A map that shows one plan at a time; each is drawn once and kept.
/** @import { Words } from "../lib/types.js" */
/** @import { Count } from "./types.js" */
import { element } from "../lib/dom.js";
import { addBaseMap } from "../lib/map/basemap.js";
import { addRoutes } from "../lib/map/routes.js";
import { depotSign, sign } from "../lib/map/signs.js";
import { withScale } from "../lib/map/street_map.js";

/** @typedef {ReturnType<typeof addRoutes> & { signs: L.Marker[] }} Drawn */

export class Stage {
  /**
   * @param {L.Map} map
   * @param {L.LatLngBounds} bounds
   * @param {Words} words
   */
  constructor(map, bounds, words) {
    this.map = withScale(map);
    this.words = words;
    /** @type {Map<Count, Drawn>} */
    this.kept = new Map();
    /** @type {Count | null} */
    this.shown = null;
    map.fitBounds(bounds, { padding: [24, 24], maxZoom: 18, animate: false });
    this.ground = addBaseMap(map, () => this.redraw());
  }

  /**
   * @param {Count} plan
   * @returns {Drawn}
   */
  draw(plan) {
    /**
     * @param {L.LatLngExpression} at
     * @param {string} text
     * @param {L.PopupOptions} [options]
     */
    const popup = (at, text, options) =>
      L.popup(options)
        .setLatLng(at)
        .setContent(element("div", "", text))
        .openOn(this.map);
    const made = addRoutes(this.map, plan.routes, {
      signs: [...plan.depots, ...plan.left].map(({ at }) => at),
      onPin: ({ name }, { at, label, visit }) =>
        popup(at, `${name} · ${label} · ${visit}`, { offset: [0, -6] }),
      onLine: ({ name, told, pins }) => popup(pins[0].at, `${name} · ${told}`),
    });
    const depots = plan.depots.map(({ name, at }) => depotSign(at, `${this.words.depot} ${name}`));
    const signs = [...depots, ...plan.left.map(({ visit, at }) => sign(at, "left", "!", visit))];
    for (const each of signs) each.addTo(this.map);
    return { ...made, signs };
  }

  /**
   * Show a plan in place of the one before.
   * @param {Count} plan
   */
  show(plan) {
    if (plan === this.shown) return;
    this.map.closePopup();
    const before = this.shown && this.kept.get(this.shown);
    if (before) {
      for (const { line, layer } of before.drawn) {
        layer.remove();
        line.remove();
      }
      for (const each of before.signs) each.remove();
    }
    this.shown = plan;
    const kept = this.kept.get(plan);
    if (!kept) {
      this.kept.set(plan, this.draw(plan));
      return;
    }
    for (const { line } of kept.drawn) line.addTo(this.map);
    for (const { layer } of kept.drawn) layer.addTo(this.map);
    for (const each of kept.signs) each.addTo(this.map);
  }

  redraw() {
    if (this.shown) this.kept.get(this.shown)?.redraw();
  }

  recolour() {
    this.ground.recolour();
    this.redraw();
  }
}
