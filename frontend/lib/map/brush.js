// Draws one tile of the base map.
/** @import { Layers, Kind } from "./packed.js" */
/** @import { Palette } from "../look.js" */
/** @import { Label } from "./labels.js" */

/** @type {Partial<Record<Kind, number>>} */
const FROM_ZOOM = {
  building: 14,
  plaza: 15,
  steps: 16,
  foot: 16,
  service: 15,
  minor: 12,
  number: 17,
  landmark: 16,
  stream: 12,
};
/** @type {Partial<Record<Kind, number>>} pixels at zoom 17 */
const WIDTH = {
  stream: 3,
  rail: 1.6,
  steps: 2.4,
  foot: 1.3,
  service: 4.2,
  minor: 8.5,
  major: 11,
  trunk: 13.5,
};
const AREAS = /** @type {const} */ (["green", "wood", "water", "plaza"]);
const CASED = /** @type {const} */ (["service", "minor", "major", "trunk"]);
const REACH = 24; // pixels around a tile from which something may reach into it

/**
 * Return the zoom from which a kind is drawn.
 * @param {Kind} kind
 */
export const fromZoom = (kind) => FROM_ZOOM[kind] || 0;

/**
 * Return the width of a kind of line in pixels.
 * @param {Kind} kind
 * @param {number} zoom
 */
export const roadWidth = (kind, zoom) => (WIDTH[kind] || 0) * 2 ** ((zoom - 17) * 0.85);

/** A tile: the `world` is so many pixels wide, `left` and `top` are the tile's place among them. */
/** @typedef {{ zoom: number, world: number, left: number, top: number, size: number }} Tile */

export class Brush {
  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Layers} layers
   * @param {Palette} palette
   * @param {Tile} tile
   */
  constructor(ctx, layers, palette, tile) {
    this.ctx = ctx;
    this.layers = layers;
    this.palette = palette;
    this.tile = tile;
    const { left, top, size, world } = tile;
    this.view = [left - REACH, top - REACH, left + size + REACH, top + size + REACH].map(
      (pixel) => pixel / world,
    );
  }

  /**
   * @param {Kind} kind
   * @param {boolean} closed
   */
  trace(kind, closed) {
    const { features, x, y } = this.layers[kind];
    const { ctx, view } = this;
    const { world, left, top } = this.tile;
    ctx.beginPath();
    for (const { west, north, east, south, rings } of features) {
      if (east < view[0] || south < view[1] || west > view[2] || north > view[3]) continue;
      for (const [start, end] of rings) {
        ctx.moveTo(x[start] * world - left, y[start] * world - top);
        for (let i = start + 1; i < end; i++) ctx.lineTo(x[i] * world - left, y[i] * world - top);
        if (closed) ctx.closePath();
      }
    }
  }

  /**
   * @param {"green" | "wood" | "water" | "plaza" | "building"} kind
   * @param {string} [edge] the edge's colour
   */
  fill(kind, edge) {
    if (this.tile.zoom < fromZoom(kind)) return;
    this.trace(kind, true);
    this.ctx.fillStyle = this.palette[kind];
    this.ctx.fill("evenodd");
    if (edge) this.stroke(edge, 0.7);
  }

  /** @param {Kind} kind */
  width(kind) {
    return Math.max(roadWidth(kind, this.tile.zoom), kind === "trunk" || kind === "major" ? 1.6 : 0.8);
  }

  /**
   * @param {"stream" | "rail" | "foot" | "steps" | "service" | "minor" | "major" | "trunk"} kind
   * @param {number[]} [dash]
   */
  line(kind, dash = []) {
    if (this.tile.zoom < fromZoom(kind)) return;
    this.trace(kind, false);
    this.stroke(this.palette[kind], this.width(kind), dash);
  }

  /**
   * @param {string} colour
   * @param {number} width
   * @param {number[]} [dash]
   */
  stroke(colour, width, dash = []) {
    const thin = width < 1.5; // its joins and ends are not seen, and round ones take twice the time
    const lineJoin = thin ? "bevel" : "round",
      lineCap = thin || dash.length ? "butt" : "round";
    Object.assign(this.ctx, { strokeStyle: colour, lineWidth: width, lineJoin, lineCap });
    this.ctx.setLineDash(dash);
    this.ctx.stroke();
  }

  paint() {
    const { ctx, palette } = this;
    const { zoom, size } = this.tile;
    ctx.fillStyle = palette.land;
    ctx.fillRect(0, 0, size, size);
    for (const kind of AREAS) this.fill(kind);
    this.fill("building", zoom >= 15 ? palette.wall : "");
    this.line("stream");
    this.line("rail");
    this.line("foot", zoom >= 17 ? [4, 3] : []);
    this.line("steps", [2, 2]);
    for (const kind of CASED) {
      if (zoom < Math.max(fromZoom(kind), 14)) continue;
      this.trace(kind, false);
      this.stroke(palette.casing, this.width(kind) + 1.6);
    }
    for (const kind of CASED) this.line(kind);
  }

  /** @param {Label[]} labels */
  write(labels) {
    const { ctx, palette } = this;
    const { left, top } = this.tile;
    Object.assign(ctx, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
    ctx.setLineDash([]);
    for (const { x, y, angle, font, text, ink } of labels) {
      ctx.save();
      ctx.translate(x - left, y - top);
      ctx.rotate(angle);
      ctx.font = font;
      ctx.lineWidth = 3;
      ctx.strokeStyle = palette.halo;
      ctx.strokeText(text, 0, 0);
      ctx.fillStyle = palette[ink];
      ctx.fillText(text, 0, 0);
      ctx.restore();
    }
  }
}
