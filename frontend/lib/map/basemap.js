// The base map: features packed into the page itself, drawn tile by tile on canvas, a few milliseconds a
// frame.
/** @import { PackedMap } from "../types.js" */
/** @import { Layers } from "./packed.js" */
import { data } from "../dom.js";
import { unpacked } from "../gunzip.js";
import { onScheme, palette } from "../look.js";
import { Brush } from "./brush.js";
import { Labels } from "./labels.js";
import { unpack } from "./packed.js";

// of painting: a moving map must be smooth, one at rest must be complete soon
const FRAME_MS = { moving: 12, still: 80 };
// dots a pixel: between whole zooms tiles are stretched; 3 costs a phone twice the time and is not seen
const SHARP = 2;

/** @typedef {{ canvas: HTMLCanvasElement, coords: L.Coords, done: L.DoneCallback }} Waiting */

export class BaseMap extends L.GridLayer {
  /** @param {PackedMap} packed */
  constructor(packed) {
    const attribution = [packed.note, "© OpenStreetMap contributors"].filter(Boolean).join(" · ");
    super({ attribution, keepBuffer: 1, updateWhenZooming: false, maxZoom: 20 });
    this.palette = palette();
    /** @type {Waiting[]} */
    this.waiting = [];
    /** @type {Map<number, Labels>} */
    this.labels = new Map();
    /** @type {Layers | null} */
    this.layers = null;
    this.frame = 0;
    this.on("load", () => {
      document.documentElement.dataset.map = "drawn";
    });
    // the routes are drawn before the streets are unpacked
    setTimeout(() => {
      this.layers = unpack(packed.bytes || unpacked(packed.data || ""), packed.origin, packed.unit);
      this.next();
    });
  }

  /** Draw again if the page has turned light or dark. */
  recolour() {
    if (palette() === this.palette) return;
    this.palette = palette();
    // in place: a canvas made during `beforeprint` would come out blank
    for (const { el, coords, loaded } of Object.values(this._tiles)) {
      if (loaded) this.paint(/** @type {HTMLCanvasElement} */ (el), coords);
    }
  }

  /**
   * @param {L.Coords} coords
   * @param {L.DoneCallback} done
   */
  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    this.waiting.push({ canvas, coords, done });
    this.next();
    return canvas;
  }

  next() {
    if (!this.layers || this.frame || !this.waiting.length) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const map = this._map,
        moving = map && (map.dragging.moving?.() || map._panAnim?._inProgress);
      const until = performance.now() + (moving ? FRAME_MS.moving : FRAME_MS.still);
      while (this.waiting.length && performance.now() < until)
        this.draw(/** @type {Waiting} */ (this.waiting.shift()));
      this.next();
    });
  }

  /** @param {Waiting} tile */
  draw({ canvas, coords, done }) {
    if (!this._map || !canvas.isConnected) return; // left behind by a quick zoom
    this.paint(canvas, coords);
    done(undefined, canvas);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {L.Coords} coords
   */
  paint(canvas, coords) {
    if (!this.layers) return;
    const size = this.getTileSize().x,
      zoom = coords.z;
    canvas.width = canvas.height = size * SHARP;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    ctx.scale(SHARP, SHARP);
    const labels = this.labels.get(zoom) || new Labels(this.layers, zoom, size);
    this.labels.set(zoom, labels);
    const tile = { zoom, world: size * 2 ** zoom, left: coords.x * size, top: coords.y * size, size };
    const brush = new Brush(ctx, this.layers, this.palette, tile);
    brush.paint();
    brush.write(labels.in(coords));
  }
}

/**
 * Add the base map that the page carries in `#map-data`; call `changed` after it has turned light or dark.
 * @param {L.Map} map
 * @param {() => void} [changed]
 */
export function addBaseMap(map, changed = () => {}) {
  const ground = new BaseMap(data("map-data")).addTo(map);
  onScheme(() => {
    ground.recolour();
    changed();
  });
  return ground;
}
