// Routes and numbered stops on a Leaflet map: one canvas for all of them, so that thousands stay quick.
/** @import { LatLngExpression, LatLngTuple, Point } from "leaflet" */
/** @import { Look, PinMark, RouteData, State } from "../types.js" */
import { line as unpackLine } from "../line.js";
import { EDGE, FONT, HALO, scheme } from "../look.js";
import { Crowd, DOT } from "./crowd.js";
import { outline } from "./outline.js";

const MOST_RAISED = 2000; // bringing more shapes to the front takes too long
const NEAR = 16.5; // zoom from which lines are wide
const FADED = 0.45;
const SMALLEST = 7; // pixels: a smaller pin is a dot without a number

/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ colour: string, ink: string, dash: number[] }} LineLook */

// Leaflet loses count of a frame it has asked for when the map moves before it comes: the map may then be
// gone.
class Sheet extends L.Canvas {
  _redraw() {
    if (this._ctx) super._redraw();
  }
}

export class Line extends L.Polyline {
  /**
   * @param {LatLngExpression[]} points
   * @param {object} options
   * @param {LineLook} options.look
   * @param {L.Canvas} options.renderer
   * @param {Crowd} options.crowd
   * @param {number} options.lane pixels to the right, so that teams on one street lie side by side
   * @param {boolean} [options.interactive]
   */
  constructor(points, { look, renderer, crowd, lane, interactive = true }) {
    super(points, { renderer, interactive, weight: 12, bubblingMouseEvents: false, smoothFactor: 0.6 });
    this.look = look;
    this.crowd = crowd;
    this.lane = lane;
    /** @type {State} */
    this.state = "plain";
  }

  /** @param {boolean} near whether the map is zoomed in */
  width(near) {
    if (this.state === "faded") return 3;
    if (this.state === "front" && near) return 6;
    return this.state === "front" || near || this.crowd.radius() > DOT ? 4 : 2.5;
  }

  _updatePath() {
    const { _ctx: ctx, _drawing: drawing } = this._renderer;
    if (!ctx || !drawing || !this._parts.length) return;
    const { look } = this;
    const front = this.state === "front",
      faded = this.state === "faded";
    const near = this._map.getZoom() >= NEAR;
    const width = this.width(near);
    ctx.save();
    Object.assign(ctx, { lineJoin: "round", lineCap: "round", globalAlpha: faded ? 0.3 : 1 });
    // in front, the legs out and back on one street lie side by side, each on the right as one walks; else
    // teams do
    const gap = front ? (near ? 3.6 : 2.1) : this.lane;
    const parts = this._parts.map((part) => beside(part, gap));
    ctx.beginPath();
    for (const part of parts) part.forEach((p, i) => ctx[i ? "lineTo" : "moveTo"](p.x, p.y));
    if (!faded) stroke(ctx, HALO[scheme()], width + 5);
    if (!faded) stroke(ctx, EDGE[scheme()], width + 1.8);
    if (look.dash.length) {
      if (!faded) stroke(ctx, "#ffffff", width);
      ctx.lineCap = "butt";
      ctx.setLineDash(look.dash);
    }
    stroke(ctx, look.colour, width);
    ctx.setLineDash([]);
    if (front) arrows(ctx, parts, look.ink, near ? 68 : 96);
    ctx.restore();
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} colour
 * @param {number} width
 */
function stroke(ctx, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Spot[][]} parts
 * @param {string} ink
 * @param {number} every pixels from one arrow to the next
 */
function arrows(ctx, parts, ink, every) {
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1.8;
  for (const part of parts) {
    let left = every / 2;
    for (let i = 1; i < part.length; i++) {
      const dx = part[i].x - part[i - 1].x,
        dy = part[i].y - part[i - 1].y;
      const length = Math.hypot(dx, dy);
      let along = left;
      for (; along < length; along += every) {
        const x = part[i - 1].x + (dx * along) / length,
          y = part[i - 1].y + (dy * along) / length;
        const ux = dx / length,
          uy = dy / length;
        ctx.beginPath();
        ctx.moveTo(x - 2.5 * ux - 2.6 * uy, y - 2.5 * uy + 2.6 * ux);
        ctx.lineTo(x + 2 * ux, y + 2 * uy);
        ctx.lineTo(x - 2.5 * ux + 2.6 * uy, y - 2.5 * uy - 2.6 * ux);
        ctx.stroke();
      }
      left = along - length;
    }
  }
}

/**
 * Return the line `gap` pixels to the right of `part`. A corner gets two points, so that a turn on the spot
 * keeps its width.
 * @param {Spot[]} part
 * @param {number} gap
 */
function beside(part, gap) {
  /** @type {Spot[]} */
  const moved = [];
  for (let i = 1; i < part.length; i++) {
    const dx = part[i].x - part[i - 1].x,
      dy = part[i].y - part[i - 1].y;
    const length = Math.hypot(dx, dy);
    if (!length) continue;
    const right = { x: (-dy / length) * gap, y: (dx / length) * gap };
    for (const p of [part[i - 1], part[i]]) moved.push({ x: p.x + right.x, y: p.y + right.y });
  }
  return moved;
}

export class Pin extends L.CircleMarker {
  /**
   * @param {LatLngExpression} at
   * @param {{ look: Look, label: string, renderer: L.Canvas, crowd: Crowd }} options
   */
  constructor(at, { look, label, renderer, crowd }) {
    super(at, { renderer, weight: 16, bubblingMouseEvents: false });
    this.look = look;
    this.label = label;
    this.crowd = crowd;
    /** @type {State} */
    this.state = "plain";
    /** @type {PinMark} */
    this.mark = {};
    this.home = L.point(0, 0); // where the stop is; `_point` is where its pin is
  }

  /**
   * Replace the number and the team's colour.
   * @param {PinMark} mark
   */
  setMark(mark) {
    this.mark = mark;
    this.redraw();
  }

  _project() {
    const faded = this.state === "faded";
    this._radius = faded ? 4 : this.crowd.radius() + (this.state === "front" ? 2 : 0);
    this.home = this._map.latLngToLayerPoint(this._latlng);
    this._point = faded ? this.home : this.home.add(this.crowd.shift(this));
    this._updateBounds();
  }

  _updateBounds() {
    const reach = this._radius + 10,
      corner = L.point(reach * 1.6, reach);
    this._pxBounds = L.bounds([this._point.subtract(corner), this._point.add(corner)]);
    this._pxBounds.extend(this.home);
  }

  _updatePath() {
    const { _ctx: ctx, _drawing: drawing } = this._renderer;
    if (!ctx || !drawing || this._empty()) return;
    const { colour, ink, shape } = { ...this.look, ...this.mark };
    const { label: text = this.label, ring } = this.mark;
    const { x, y } = this._point;
    const r = this._radius,
      faded = this.state === "faded",
      small = r < SMALLEST;
    if (small && !ring) {
      dot(ctx, shape, this._point, r, colour, faded);
      return;
    }
    const label = small ? "" : text;
    ctx.save();
    ctx.setLineDash([]);
    ctx.globalAlpha = faded ? FADED : 1;
    if (!faded && this.home.distanceTo(this._point) > r * 0.6) tether(ctx, this.home, this._point);
    ctx.font = `700 ${label.length > 3 ? r * 0.95 : r * 1.15}px ${FONT}`;
    const stretch = faded || !label ? 0 : Math.max(0, ctx.measureText(label).width / 2 + 4 - r * 0.92);
    for (const [wider, fill] of /** @type {const} */ ([
      [small ? 1.8 : 2.6, faded ? "transparent" : "#ffffff"],
      [0.8, EDGE.light],
      [0, colour],
    ])) {
      outline(ctx, shape, x, y, r + wider, stretch);
      ctx.fillStyle = fill;
      ctx.fill();
    }
    if (ring) {
      outline(ctx, shape, x, y, r + 6.5, stretch);
      stroke(ctx, ring, 4);
    }
    if (!faded) {
      Object.assign(ctx, { fillStyle: ink, textAlign: "center", textBaseline: "middle" });
      ctx.fillText(label, x, y + r * 0.07);
    }
    ctx.restore();
  }
}

/**
 * Draw a pin as a dot among thousands: the least that can be drawn.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} shape
 * @param {Point} at
 * @param {number} r
 * @param {string} colour
 * @param {boolean} faded
 */
function dot(ctx, shape, { x, y }, r, colour, faded) {
  ctx.setLineDash([]);
  ctx.globalAlpha = faded ? FADED : 1;
  outline(ctx, shape, x, y, r + 0.4);
  Object.assign(ctx, { fillStyle: colour, strokeStyle: EDGE.light, lineWidth: 0.8 });
  ctx.fill();
  if (!faded) ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * Draw the line from where a stop is to its pin that was moved aside.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Point} home
 * @param {Point} pin
 */
function tether(ctx, home, pin) {
  const colour = EDGE[scheme()];
  ctx.beginPath();
  ctx.moveTo(home.x, home.y);
  ctx.lineTo(pin.x, pin.y);
  stroke(ctx, colour, 1.4);
  ctx.beginPath();
  ctx.arc(home.x, home.y, 2.4, 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
}

/**
 * Draw `teams` on a map, clear of what stands at `signs`.
 * @template {RouteData<any>} T
 * @param {L.Map} map
 * @param {T[]} teams
 * @param {object} options
 * @param {LatLngExpression[]} options.signs
 * @param {(team: T) => void} [options.onLine] called for a click on a route
 * @param {(team: T, pin: T["pins"][number], marker: Pin) => void} options.onPin called for a click on a pin
 */
export function addRoutes(map, teams, { signs, onPin, onLine = () => {} }) {
  const renderer = new Sheet({ padding: 0.3, tolerance: 4 });
  const crowd = new Crowd(map);
  const drawn = teams.map((team, i) => {
    const lane = teams.length > 1 ? ((i % 5) - 2) * 1.6 : 0;
    const line = new Line(unpackLine(team.line), { look: team, renderer, crowd, lane });
    const pins = team.pins.map(({ at, label }) => new Pin(at, { look: team, label, renderer, crowd }));
    line.on("click", () => onLine(team));
    pins.forEach((marker, place) => marker.on("click", () => onPin(team, team.pins[place], marker)));
    return { team, line, pins, layer: L.layerGroup([line, ...pins]) };
  });
  crowd.signs = signs;
  crowd.pins = drawn.flatMap(({ pins }) => pins);
  for (const { line } of drawn) line.addTo(map);
  for (const { layer } of drawn) layer.addTo(map);

  /**
   * Bring one team to the front, or the stops for which `wanted` is true; with neither, all look alike.
   * @param {number | null} front
   * @param {((team: number, pin: number) => boolean) | null} [wanted]
   */
  function highlight(front, wanted = null) {
    drawn.forEach(({ line, pins }, i) => {
      pins.forEach((pin, place) => {
        const faded = front !== null ? i !== front : wanted !== null && !wanted(i, place);
        pin.state = faded ? "faded" : front === i ? "front" : "plain";
      });
      const behind = front !== null || (wanted && pins.every((pin) => pin.state === "faded"));
      line.state = front === i ? "front" : behind ? "faded" : "plain";
    });
    crowd.renew(front !== null);
    redraw();
    const raised =
      front !== null
        ? [drawn[front].line, ...drawn[front].pins]
        : wanted
          ? drawn.flatMap(({ pins }) => pins.filter((pin) => pin.state !== "faded"))
          : [];
    if (raised.length <= MOST_RAISED) for (const shape of raised) shape.bringToFront();
  }

  function redraw() {
    for (const { line, pins } of drawn) for (const shape of [line, ...pins]) shape.redraw();
  }

  /**
   * Draw one stretch of a route over the others, in a colour of its own.
   * @param {LatLngTuple[]} points
   * @param {string} colour
   * @param {string} ink
   */
  function stretch(points, colour, ink) {
    const look = { colour, ink, dash: [] };
    const line = new Line(points, { look, renderer, crowd, lane: 0, interactive: false });
    line.state = "front";
    return line.addTo(map);
  }

  return { drawn, highlight, redraw, stretch, renderer };
}

/**
 * Return the bounds of everything that was drawn, and of `more` points.
 * @param {{ line: L.Polyline, pins: L.CircleMarker[] }[]} drawn
 * @param {LatLngTuple[]} [more]
 */
export function boundsOf(drawn, more = []) {
  const bounds = L.latLngBounds(more);
  for (const { line, pins } of drawn) {
    bounds.extend(line.getBounds());
    for (const pin of pins) bounds.extend(pin.getLatLng());
  }
  return bounds;
}
