// The day as it goes by: where each team is at a time, and a chart of what each does when.
(() => {
  "use strict";

  const ROW = 30, HEAD = 22, LEFT = 84, RIGHT = 54;
  const FONT = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

  const PAPER = { paper: "#ffffff", ink: "#000000", soft: "#444444", line: "#cccccc", press: "#eeeeee", accent: "#00497a" };

  Doorroute.clock = (time) => [(time / 3600) % 24, (time / 60) % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":") + (time >= 86400 ? "+1" : "");

  // Where a team is at a time, what it does there in words, and at which of its stops (or to which it goes).
  Doorroute.whereabouts = (map, team, time, words) => {
    const line = Doorroute.line(team.line);
    if (time < team.start_s) return { at: line[0], doing: words.not_started };
    if (time >= team.finish_s) return { at: line[line.length - 1], doing: words.back };
    const next = team.stops.findIndex((stop) => time < stop.to_s);
    if (next >= 0 && time >= team.stops[next].from_s)
      return { at: line[team.ends[next]], doing: words.at_stop.replace("{number}", team.stops[next].number) };
    const pause = team.pauses.find(([, from, to]) => time >= from && time < to);
    const last = next < 0 ? team.stops.length - 1 : next - 1;
    const [left, due] = [last < 0 ? team.start_s : team.stops[last].to_s, next < 0 ? team.finish_s : team.stops[next].from_s];
    const leg = line.slice(last < 0 ? 0 : team.ends[last], (next < 0 ? line.length - 1 : team.ends[next]) + 1);
    const doing = pause ? words[pause[0]] : next < 0 ? words.to_depot : words.to_stop.replace("{number}", team.stops[next].number);
    return { at: along(map, leg, (time - left) / Math.max(1, due - left)), doing };
  };

  function along(map, points, share) {
    if (points.length < 2) return points[0];
    const far = [0];
    for (let i = 1; i < points.length; i++) far.push(far[i - 1] + map.distance(points[i - 1], points[i]));
    const goal = far[far.length - 1] * share;
    const i = Math.max(1, far.findIndex((metres) => metres >= goal));
    const part = (goal - far[i - 1]) / (far[i] - far[i - 1] || 1);
    return [0, 1].map((axis) => points[i - 1][axis] + (points[i][axis] - points[i - 1][axis]) * part);
  }

  // A chart in `box`, one line a team; only the lines that are seen are drawn. `onStop(team, place)` and `onTeam(team)` hear clicks.
  Doorroute.Chart = class {
    constructor(box, teams, { start_s, end_s, bound_s, told_s }, { onStop, onTeam }) {
      Object.assign(this, { box, teams, start_s, end_s, bound_s, told_s, canvas: box.querySelector("canvas"), time: null, front: null, wanted: null, asked: 0 });
      box.firstElementChild.style.height = `${HEAD + teams.length * ROW + 4}px`;
      box.addEventListener("scroll", () => this.draw(), { passive: true });
      new ResizeObserver(() => this.draw()).observe(box);
      const hit = (event) => this.hit(event.offsetX, event.offsetY);
      this.canvas.addEventListener("mousemove", (event) => {
        const { team, place } = hit(event);
        this.canvas.style.cursor = team === undefined ? "" : "pointer";
        this.canvas.title = place === undefined ? "" : this.said(team, place);
      });
      this.canvas.addEventListener("click", (event) => {
        const { team, place } = hit(event);
        if (place !== undefined) onStop(team, place);
        else if (team !== undefined) onTeam(team);
      });
    }

    said(team, place) {
      const stop = this.teams[team].stops[place];
      return `${this.teams[team].name} · ${stop.number} · ${stop.visit} · ${Doorroute.clock(stop.from_s)}–${Doorroute.clock(stop.to_s)}`;
    }

    x(time) {
      return LEFT + ((time - this.start_s) / (this.end_s - this.start_s)) * (this.wide - LEFT - RIGHT);
    }

    hit(x, y) {
      const index = Math.floor((y - HEAD + this.box.scrollTop) / ROW);
      const team = y < HEAD ? undefined : this.teams[index];
      if (!team) return {};
      const place = x < LEFT ? -1 : team.stops.findIndex((stop) => x >= this.x(stop.from_s) - 1 && x <= Math.max(this.x(stop.to_s), this.x(stop.from_s) + 4));
      return { team: index, place: place < 0 ? undefined : place };
    }

    set(changes) {
      Object.assign(this, changes);
      this.draw();
    }

    draw() {
      if (!this.asked) this.asked = requestAnimationFrame(() => {
        this.asked = 0;
        this.paint();
      });
    }

    paint() {
      const { box, canvas, teams } = this;
      const [wide, high] = [box.clientWidth, box.clientHeight];
      if (!wide || !high) return;
      const sharp = Math.max(2, devicePixelRatio);
      this.wide = wide;
      if (canvas.width !== wide * sharp || canvas.height !== high * sharp) Object.assign(canvas, { width: wide * sharp, height: high * sharp });
      Object.assign(canvas.style, { width: `${wide}px`, height: `${high}px` });
      const { documentElement } = document, style = getComputedStyle(documentElement);
      // what is printed is on white, though the screen was dark when it was asked for
      const ink = documentElement.classList.contains("printing") ? PAPER
        : Object.fromEntries(Object.keys(PAPER).map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
      const ctx = canvas.getContext("2d");
      ctx.setTransform(sharp, 0, 0, sharp, 0, 0);
      ctx.fillStyle = ink.paper;
      ctx.fillRect(0, 0, wide, high);
      ctx.textBaseline = "middle";
      const first = Math.max(0, Math.floor(box.scrollTop / ROW));
      const last = Math.min(teams.length, Math.ceil((box.scrollTop + high) / ROW) + 1);
      this.hours(ctx, ink, high);
      for (let i = first; i < last; i++) this.row(ctx, ink, i, HEAD + i * ROW - box.scrollTop);
      ctx.fillStyle = ink.paper;
      ctx.fillRect(0, 0, wide, HEAD);
      this.hourNames(ctx, ink);
      if (this.bound_s) this.upright(ctx, this.x(this.bound_s), high, ink.ink, [2, 3], 2);
      if (this.told_s) this.upright(ctx, this.x(this.told_s), high, ink.accent, [5, 3], 1.5);
      if (this.time !== null) {
        this.upright(ctx, this.x(this.time), high, ink.accent, [], 2.5);
        ctx.beginPath();
        ctx.arc(this.x(this.time), HEAD, 5, 0, 7);
        ctx.fillStyle = ink.accent;
        ctx.fill();
      }
    }

    marks() {
      const span = this.end_s - this.start_s;
      const step = [1800, 3600, 7200, 10800, 14400].find((each) => (span / each) * 58 <= this.wide - LEFT - RIGHT) || 21600;
      const times = [];
      for (let time = Math.ceil(this.start_s / step) * step; time <= this.end_s; time += step) times.push(time);
      return times;
    }

    hours(ctx, ink, high) {
      for (const time of this.marks()) this.upright(ctx, this.x(time), high, ink.line, [], 1);
    }

    hourNames(ctx, ink) {
      Object.assign(ctx, { font: `500 11.5px ${FONT}`, fillStyle: ink.soft, textAlign: "center" });
      for (const time of this.marks()) ctx.fillText(Doorroute.clock(time), this.x(time), HEAD / 2);
    }

    upright(ctx, x, high, colour, dash, width) {
      Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, HEAD);
      ctx.lineTo(x, high);
      ctx.stroke();
      ctx.setLineDash([]);
    }

    row(ctx, ink, index, top) {
      const team = this.teams[index], middle = top + ROW / 2;
      if (this.front === index) {
        ctx.fillStyle = ink.press;
        ctx.fillRect(0, top, this.wide, ROW);
      }
      const faded = this.front !== null && this.front !== index;
      ctx.globalAlpha = faded ? 0.35 : 1;
      Doorroute.outline(ctx, team.shape, 12, middle, 6.5, 0);
      Object.assign(ctx, { fillStyle: team.colour, strokeStyle: "rgba(20, 24, 32, 0.7)", lineWidth: 1.2 });
      ctx.fill();
      ctx.stroke();
      Object.assign(ctx, { fillStyle: ink.ink, textAlign: "left", font: `620 13px ${FONT}` });
      ctx.fillText(shortened(ctx, team.name, LEFT - 34), 25, middle + 0.5);
      Object.assign(ctx, { textAlign: "right", font: `620 13px ${FONT}` });
      ctx.fillText(Doorroute.clock(team.finish_s), this.wide - 8, middle + 0.5);
      const [from, to] = [this.x(team.start_s), this.x(team.finish_s)];
      // on the way
      Object.assign(ctx, { strokeStyle: ink.soft, lineWidth: 3.5 });
      line(ctx, from, to, middle);
      Object.assign(ctx, { strokeStyle: team.colour, lineWidth: 2 });
      line(ctx, from, to, middle);
      for (const [, start, end] of team.pauses) this.block(ctx, start, end, middle, 6, ink.paper, ink.ink);
      ctx.font = `700 10.5px ${FONT}`;
      for (const stop of team.stops) {
        ctx.globalAlpha = faded || (this.wanted && !this.wanted.has(stop)) ? 0.22 : 1;
        if (stop.wait_s >= 60) this.block(ctx, stop.from_s, stop.from_s + stop.wait_s, middle, 5, ink.paper, ink.soft, [2, 2]);
        const wide = this.block(ctx, stop.from_s + stop.wait_s, stop.to_s, middle, 9, stop.done ? ink.paper : team.colour, stop.done ? ink.soft : "rgba(20, 24, 32, 0.75)");
        if (wide > 14) {
          Object.assign(ctx, { fillStyle: stop.done ? ink.soft : team.ink, textAlign: "center" });
          ctx.fillText(stop.number, this.x(stop.from_s + stop.wait_s) + wide / 2, middle + 0.5);
        }
      }
      ctx.globalAlpha = 1;
    }

    block(ctx, from, to, middle, half, colour, edge, dash = []) {
      const x = this.x(from), wide = Math.max(1.5, this.x(to) - x);
      ctx.beginPath();
      ctx.roundRect(x, middle - half, wide, 2 * half, Math.min(3, wide / 3));
      Object.assign(ctx, { fillStyle: colour, strokeStyle: edge, lineWidth: 1 });
      ctx.fill();
      ctx.setLineDash(dash);
      if (wide > 4) ctx.stroke();
      ctx.setLineDash([]);
      return wide;
    }
  };

  function line(ctx, from, to, y) {
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    ctx.stroke();
  }

  function shortened(ctx, text, room) {
    if (ctx.measureText(text).width <= room) return text;
    const letters = [...text].slice(0, 24);
    while (letters.length && ctx.measureText(`${letters.join("")}…`).width > room) letters.pop();
    return `${letters.join("")}…`;
  }
})();
