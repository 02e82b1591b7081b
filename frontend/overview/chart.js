// A chart of what each team does when, one line a team; only the lines in sight are drawn.
/** @import { Stop, Team } from "./types.js" */
import { clock } from "../lib/clock.js";
import { FONT } from "../lib/look.js";
import { outline } from "../lib/map/outline.js";

const ROW = 30,
  HEAD = 22,
  LEFT = 84,
  RIGHT = 54; // pixels
const MARK_WIDTH = 58; // pixels that an hour's text needs
const STEPS_S = [1800, 3600, 7200, 10800, 14400];
const LONGEST_STEP_S = 21600;
const EDGE = "rgba(20, 24, 32, 0.75)",
  SIGN_EDGE = "rgba(20, 24, 32, 0.7)";
const PAPER = {
  paper: "#ffffff",
  ink: "#000000",
  soft: "#444444",
  line: "#cccccc",
  press: "#eeeeee",
  accent: "#00497a",
};

/** @typedef {typeof PAPER} Ink the page's colours */
/** @typedef {{ start_s: number, end_s: number, bound_s: number, told_s: number }} Span */
/** @typedef {{ time: number | null, front: number | null, wanted: Set<unknown> | null }} Shown */

export class Chart {
  /**
   * @param {HTMLElement} box
   * @param {Team[]} teams
   * @param {Span} span the hours; no plan ends before `bound_s`; until `told_s` it is known what happened
   * @param {object} listener
   * @param {(team: number, place: number) => void} listener.onStop
   * @param {(team: number) => void} listener.onTeam
   */
  constructor(box, teams, span, { onStop, onTeam }) {
    this.box = box;
    this.teams = teams;
    this.span = span;
    /** @type {Shown} */
    this.shown = { time: null, front: null, wanted: null };
    this.frame = 0;
    this.wide = 0;
    const canvas = (this.canvas = /** @type {HTMLCanvasElement} */ (box.querySelector("canvas")));
    const tall = /** @type {HTMLElement} */ (box.firstElementChild);
    tall.style.height = `${HEAD + teams.length * ROW + 4}px`;
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    canvas.addEventListener("mousemove", (event) => {
      const { team, stop } = this.hit(event);
      canvas.style.cursor = team === undefined ? "" : "pointer";
      canvas.title = stop ? title(stop) : "";
    });
    canvas.addEventListener("click", (event) => {
      const { team, stop } = this.hit(event);
      if (stop) onStop(stop.team, stop.place);
      else if (team !== undefined) onTeam(team);
    });
  }

  /** @param {number} time_s */
  x(time_s) {
    const { start_s, end_s } = this.span;
    return LEFT + ((time_s - start_s) / (end_s - start_s)) * (this.wide - LEFT - RIGHT);
  }

  /**
   * Return the team and the stop under the mouse.
   * @param {MouseEvent} event
   * @returns {{ team?: number, stop?: Stop }}
   */
  hit({ offsetX: x, offsetY: y }) {
    const team = Math.floor((y - HEAD + this.box.scrollTop) / ROW);
    if (y < HEAD || !this.teams[team]) return {};
    /** @param {Stop} stop */
    const under = ({ from_s, to_s }) =>
      x >= this.x(from_s) - 1 && x <= Math.max(this.x(to_s), this.x(from_s) + 4);
    return { team, stop: x < LEFT ? undefined : this.teams[team].stops.find(under) };
  }

  /** @param {Partial<Shown>} changes */
  set(changes) {
    Object.assign(this.shown, changes);
    this.draw();
  }

  draw() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    const { box, canvas, teams } = this;
    const [wide, high] = [box.clientWidth, box.clientHeight];
    if (!wide || !high) return;
    const sharp = Math.max(2, devicePixelRatio);
    this.wide = wide;
    const size = { width: wide * sharp, height: high * sharp };
    if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
    Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
    const ink = inks();
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
    ctx.fillStyle = ink.paper;
    ctx.fillRect(0, 0, wide, high);
    ctx.textBaseline = "middle";
    const first = Math.max(0, Math.floor(box.scrollTop / ROW));
    const last = Math.min(teams.length, Math.ceil((box.scrollTop + high) / ROW) + 1);
    for (const time_s of this.marks()) this.upright(ctx, time_s, ink.line, [], 1);
    for (let i = first; i < last; i++) this.row(ctx, ink, i, HEAD + i * ROW - box.scrollTop);
    ctx.fillStyle = ink.paper;
    ctx.fillRect(0, 0, wide, HEAD);
    Object.assign(ctx, { font: `500 11.5px ${FONT}`, fillStyle: ink.soft, textAlign: "center" });
    for (const time_s of this.marks()) ctx.fillText(clock(time_s), this.x(time_s), HEAD / 2);
    const { bound_s, told_s } = this.span,
      { time } = this.shown;
    if (bound_s) this.upright(ctx, bound_s, ink.ink, [2, 3], 2);
    if (told_s) this.upright(ctx, told_s, ink.accent, [5, 3], 1.5);
    if (time === null) return;
    this.upright(ctx, time, ink.accent, [], 2.5);
    ctx.beginPath();
    ctx.arc(this.x(time), HEAD, 5, 0, 7);
    ctx.fillStyle = ink.accent;
    ctx.fill();
  }

  /** Return the times that have a line and a text. */
  marks() {
    const { start_s, end_s } = this.span,
      span_s = end_s - start_s,
      room = this.wide - LEFT - RIGHT;
    const step_s = STEPS_S.find((each) => (span_s / each) * MARK_WIDTH <= room) || LONGEST_STEP_S;
    const times = [];
    for (let time_s = Math.ceil(start_s / step_s) * step_s; time_s <= end_s; time_s += step_s)
      times.push(time_s);
    return times;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} time_s
   * @param {string} colour
   * @param {number[]} dash
   * @param {number} width
   */
  upright(ctx, time_s, colour, dash, width) {
    const x = this.x(time_s);
    Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x, HEAD);
    ctx.lineTo(x, this.box.clientHeight);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Ink} ink
   * @param {number} index of the team
   * @param {number} top
   */
  row(ctx, ink, index, top) {
    const team = this.teams[index],
      middle = top + ROW / 2;
    const { front, wanted } = this.shown;
    if (front === index) {
      ctx.fillStyle = ink.press;
      ctx.fillRect(0, top, this.wide, ROW);
    }
    const faded = front !== null && front !== index;
    ctx.globalAlpha = faded ? 0.35 : 1;
    outline(ctx, team.shape, 12, middle, 6.5);
    Object.assign(ctx, { fillStyle: team.colour, strokeStyle: SIGN_EDGE, lineWidth: 1.2 });
    ctx.fill();
    ctx.stroke();
    Object.assign(ctx, { fillStyle: ink.ink, textAlign: "left", font: `620 13px ${FONT}` });
    ctx.fillText(shortened(ctx, team.name, LEFT - 34), 25, middle + 0.5);
    ctx.textAlign = "right";
    ctx.fillText(clock(team.finish_s), this.wide - 8, middle + 0.5);
    // travelling
    for (const [colour, width] of /** @type {[string, number][]} */ ([
      [ink.soft, 3.5],
      [team.colour, 2],
    ])) {
      Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
      level(ctx, this.x(team.start_s), this.x(team.finish_s), middle);
    }
    for (const [, start_s, end_s] of team.pauses)
      this.block(ctx, start_s, end_s, middle, 6, ink.paper, ink.ink);
    ctx.font = `700 10.5px ${FONT}`;
    for (const stop of team.stops) {
      ctx.globalAlpha = faded || (wanted && !wanted.has(stop)) ? 0.22 : 1;
      const begin_s = stop.from_s + stop.wait_s;
      if (stop.wait_s >= 60) this.block(ctx, stop.from_s, begin_s, middle, 5, ink.paper, ink.soft, [2, 2]);
      const [colour, edge] = stop.done ? [ink.paper, ink.soft] : [team.colour, EDGE];
      const wide = this.block(ctx, begin_s, stop.to_s, middle, 9, colour, edge);
      if (wide <= 14) continue;
      Object.assign(ctx, { fillStyle: stop.done ? ink.soft : team.ink, textAlign: "center" });
      ctx.fillText(String(stop.number), this.x(begin_s) + wide / 2, middle + 0.5);
    }
    ctx.globalAlpha = 1;
  }

  /**
   * Draw a block from one time to another; return its width.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} from_s
   * @param {number} to_s
   * @param {number} middle
   * @param {number} half half its height
   * @param {string} colour
   * @param {string} edge
   * @param {number[]} [dash]
   */
  block(ctx, from_s, to_s, middle, half, colour, edge, dash = []) {
    const x = this.x(from_s),
      wide = Math.max(1.5, this.x(to_s) - x);
    ctx.beginPath();
    ctx.roundRect(x, middle - half, wide, 2 * half, Math.min(3, wide / 3));
    Object.assign(ctx, { fillStyle: colour, strokeStyle: edge, lineWidth: 1 });
    ctx.fill();
    ctx.setLineDash(dash);
    if (wide > 4) ctx.stroke();
    ctx.setLineDash([]);
    return wide;
  }
}

/**
 * Return the page's colours; printing is on white, though the screen may be dark.
 * @returns {Ink}
 */
function inks() {
  const { documentElement } = document;
  if (documentElement.classList.contains("printing")) return PAPER;
  const style = getComputedStyle(documentElement);
  const found = Object.keys(PAPER).map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(found);
}

/** @param {Stop} stop */
const title = ({ name, number, visit, from_s, to_s }) =>
  `${name} · ${number} · ${visit} · ${clock(from_s)}–${clock(to_s)}`;

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} from
 * @param {number} to
 * @param {number} y
 */
function level(ctx, from, to, y) {
  ctx.beginPath();
  ctx.moveTo(from, y);
  ctx.lineTo(to, y);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} room pixels
 */
function shortened(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  const letters = [...text].slice(0, 24);
  while (letters.length && ctx.measureText(`${letters.join("")}…`).width > room) letters.pop();
  return `${letters.join("")}…`;
}
