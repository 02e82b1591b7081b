// Where the base map's names go: settled once a zoom over the whole area, so that no name breaks at the edge
// of a tile.
/** @import { Layers, Kind } from "./packed.js" */
import { FONT } from "../look.js";
import { fromZoom, roadWidth } from "./brush.js";

/** @typedef {{ x: number, y: number, angle: number }} Spot in pixels of the whole world, and in radians */
/** @typedef {Spot & { text: string, font: string, ink: "text" | "soft" }} Label */
/** @typedef {[number, number, number, number]} Box west, north, east and south in pixels */
/** @typedef {[number, number][]} Line */

const CELL = 64; // pixels: boxes are compared within cells of this size
const APART = 340; // pixels between two places of one street's name

export class Labels {
  /**
   * @param {Layers} layers
   * @param {number} zoom
   * @param {number} size pixels a tile
   */
  constructor(layers, zoom, size) {
    this.layers = layers;
    this.zoom = zoom;
    this.size = size;
    this.world = size * 2 ** zoom;
    /** @type {Map<string, Label[]>} */
    this.tiles = new Map();
    /** @type {Map<string, Box[]>} */
    this.taken = new Map();
    /** @type {Map<string, Line>} */
    this.last = new Map();
    this.ctx = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    if (zoom >= 11 && zoom <= 16) this.points("place", `600 14px ${FONT}`, "text");
    if (zoom >= 13) this.streets("trunk", `600 12px ${FONT}`);
    if (zoom >= 14) this.streets("major", `600 12px ${FONT}`);
    if (zoom >= 15) this.streets("minor", `500 11.5px ${FONT}`);
    if (zoom >= fromZoom("landmark")) this.points("landmark", `italic 500 11px ${FONT}`, "soft");
    if (zoom >= fromZoom("number")) this.points("number", `500 10px ${FONT}`, "soft");
    if (zoom >= 17) this.streets("service", `500 11px ${FONT}`);
    if (zoom >= 17) this.streets("foot", `500 10.5px ${FONT}`);
  }

  /** @param {{ x: number, y: number }} tile */
  in({ x, y }) {
    return this.tiles.get(`${x}/${y}`) || [];
  }

  /**
   * @param {Kind} kind
   * @param {string} font
   * @param {"text" | "soft"} ink
   */
  points(kind, font, ink) {
    const { features, x, y } = this.layers[kind];
    this.ctx.font = font;
    for (const { name, rings } of features) {
      const half = this.ctx.measureText(name).width / 2 + 2;
      const [first] = rings[0];
      const label = { text: name, font, ink, angle: 0, x: x[first] * this.world, y: y[first] * this.world };
      this.put(label, [[label.x - half, label.y - 7, label.x + half, label.y + 7]]);
    }
  }

  /**
   * @param {Kind} kind
   * @param {string} font
   */
  streets(kind, font) {
    const { features, x, y } = this.layers[kind];
    const road = roadWidth(kind, this.zoom);
    this.ctx.font = font;
    for (const { name, rings } of features) {
      if (!name) continue;
      const half = this.ctx.measureText(name).width / 2;
      for (const [start, end] of rings) {
        /** @type {Line} */
        const line = [];
        for (let i = start; i < end; i++) line.push([x[i] * this.world, y[i] * this.world]);
        for (const spot of straight(line, half + 6, Math.max(2, road / 3))) {
          const before = this.last.get(name) || [];
          if (before.some(([px, py]) => Math.hypot(px - spot.x, py - spot.y) < APART)) continue;
          const label = { text: name, font, ink: /** @type {const} */ ("text"), ...spot };
          if (this.put(label, boxesAlong(spot, half))) this.last.set(name, [...before, [spot.x, spot.y]]);
        }
      }
    }
  }

  /**
   * Place a label unless it would cover another; return whether it was placed.
   * @param {Label} label
   * @param {Box[]} boxes
   */
  put(label, boxes) {
    const cells = boxes.map(([w, n, e, s]) => {
      const keys = [];
      for (let cx = Math.floor(w / CELL); cx <= e / CELL; cx++) {
        for (let cy = Math.floor(n / CELL); cy <= s / CELL; cy++) keys.push(`${cx}/${cy}`);
      }
      return keys;
    });
    const free = boxes.every((box, i) =>
      cells[i].every((key) => (this.taken.get(key) || []).every((other) => !overlap(box, other))),
    );
    if (!free) return false;
    const tiles = new Set();
    boxes.forEach((box, i) => {
      for (const key of cells[i]) this.taken.set(key, [...(this.taken.get(key) || []), box]);
      for (const px of [box[0], box[2]]) {
        for (const py of [box[1], box[3]])
          tiles.add(`${Math.floor(px / this.size)}/${Math.floor(py / this.size)}`);
      }
    });
    for (const key of tiles) this.tiles.set(key, [...(this.tiles.get(key) || []), label]);
    return true;
  }
}

/**
 * @param {Box} box
 * @param {Box} other
 */
const overlap = (box, other) =>
  box[2] >= other[0] && box[0] <= other[2] && box[3] >= other[1] && box[1] <= other[3];

/**
 * @param {{ x: number, y: number, angle: number }} spot
 * @param {number} half half the label's length
 */
function boxesAlong({ x, y, angle }, half) {
  /** @type {Box[]} */
  const boxes = [];
  for (let along = -half; along <= half; along += 12) {
    const px = x + along * Math.cos(angle),
      py = y + along * Math.sin(angle);
    boxes.push([px - 8, py - 8, px + 8, py + 8]);
  }
  return boxes;
}

/**
 * Yield the middles of the stretches of `line` that are at least 2 * half long and bend by less than `slack`
 * pixels.
 * @param {Line} line
 * @param {number} half
 * @param {number} slack
 */
function* straight(line, half, slack) {
  for (let i = 0; i + 1 < line.length; i++) {
    let j = i + 1,
      far = j;
    while (j < line.length && bend(line, i, j) <= slack) far = j++;
    const [[ax, ay], [bx, by]] = [line[i], line[far]];
    const length = Math.hypot(bx - ax, by - ay);
    if (length < 2 * half) continue;
    let angle = Math.atan2(by - ay, bx - ax);
    if (angle > Math.PI / 2 || angle <= -Math.PI / 2) angle += Math.PI; // never upside down
    const times = Math.max(1, Math.floor(length / 420));
    for (let n = 0; n < times; n++) {
      const t = (n + 0.5) / times;
      yield { x: ax + (bx - ax) * t, y: ay + (by - ay) * t, angle };
    }
    i = far - 1;
  }
}

/**
 * Return how far, in pixels, the line between its points `i` and `j` lies from the straight one.
 * @param {Line} line
 * @param {number} i
 * @param {number} j
 */
function bend(line, i, j) {
  const [[ax, ay], [bx, by]] = [line[i], line[j]];
  const length = Math.hypot(bx - ax, by - ay) || 1;
  let worst = 0;
  for (let k = i + 1; k < j; k++) {
    worst = Math.max(worst, Math.abs((line[k][0] - ax) * (by - ay) - (line[k][1] - ay) * (bx - ax)) / length);
  }
  return worst;
}
