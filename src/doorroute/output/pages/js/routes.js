// Routes, numbered stops and depots on a Leaflet map: one canvas for all of them, so that thousands stay quick.
(() => {
  "use strict";

  const EDGE = { light: "rgba(20, 24, 32, 0.78)", dark: "rgba(4, 6, 9, 0.9)" };
  const HALO = { light: "rgba(255, 255, 255, 0.85)", dark: "rgba(255, 255, 255, 0.16)" };
  const FONT = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

  Doorroute.data = (id) => JSON.parse(document.getElementById(id).textContent);
  Doorroute.scheme = () => {
    const { classList, dataset } = document.documentElement;
    return dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches && !classList.contains("printing") ? "dark" : "light");
  };

  // A line as it travels: steps of 1e-5 degrees, latitude and longitude in turn.
  Doorroute.line = (steps) => {
    const points = [];
    for (let i = 0, lat = 0, lon = 0; i < steps.length; i += 2) {
      lat += steps[i];
      lon += steps[i + 1];
      points.push([lat / 1e5, lon / 1e5]);
    }
    return points;
  };

  // Leaflet loses count of a frame it has asked for when the map moves before it comes: it may then come to a map that is gone.
  const Sheet = L.Canvas.extend({
    _redraw() {
      if (this._ctx) L.Canvas.prototype._redraw.call(this);
    },
  });

  const Line = L.Polyline.extend({
    options: { weight: 12, interactive: true, bubblingMouseEvents: false, smoothFactor: 0.6 },

    setState(state) {
      this.state = state;
      this.redraw();
    },

    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || !this._parts.length) return;
      const ctx = renderer._ctx;
      const { team, crowd } = this.options;
      const front = this.state === "front", faded = this.state === "faded";
      const near = this._map.getZoom() >= 16.5;
      const width = front && near ? 6 : faded ? 3 : front || near || crowd.radius() > 3 ? 4 : 2.5;
      ctx.save();
      Object.assign(ctx, { lineJoin: "round", lineCap: "round", globalAlpha: faded ? 0.3 : 1 });
      // in front, the way out and the way back on one street lie side by side, each on the right as one walks; else teams do
      const gap = front ? (near ? 3.6 : 2.1) : this.options.lane;
      const parts = this._parts.map((part) => beside(part, gap));
      ctx.beginPath();
      for (const part of parts) part.forEach((p, i) => ctx[i ? "lineTo" : "moveTo"](p.x, p.y));
      if (!faded) this._stroke(ctx, HALO[Doorroute.scheme()], width + 5);
      if (!faded) this._stroke(ctx, EDGE[Doorroute.scheme()], width + 1.8);
      if (team.dash.length) {
        if (!faded) this._stroke(ctx, "#ffffff", width);
        ctx.lineCap = "butt";
        ctx.setLineDash(team.dash);
      }
      this._stroke(ctx, team.colour, width);
      ctx.setLineDash([]);
      if (front) this._arrows(ctx, parts, team.ink, near ? 68 : 96);
      ctx.restore();
    },

    _stroke(ctx, colour, width) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.stroke();
    },

    _arrows(ctx, parts, ink, every) {
      ctx.strokeStyle = ink;
      ctx.lineWidth = 1.8;
      for (const part of parts) {
        let left = every / 2;
        for (let i = 1; i < part.length; i++) {
          const dx = part[i].x - part[i - 1].x, dy = part[i].y - part[i - 1].y;
          const length = Math.hypot(dx, dy);
          let along = left;
          for (; along < length; along += every) {
            const x = part[i - 1].x + (dx * along) / length, y = part[i - 1].y + (dy * along) / length;
            const ux = dx / length, uy = dy / length;
            ctx.beginPath();
            ctx.moveTo(x - 2.5 * ux - 2.6 * uy, y - 2.5 * uy + 2.6 * ux);
            ctx.lineTo(x + 2 * ux, y + 2 * uy);
            ctx.lineTo(x - 2.5 * ux + 2.6 * uy, y - 2.5 * uy - 2.6 * ux);
            ctx.stroke();
          }
          left = along - length;
        }
      }
    },
  });

  // The line `gap` pixels to the right of `part`; a corner gets two points, so that a turn on the spot keeps its width.
  function beside(part, gap) {
    const moved = [];
    for (let i = 1; i < part.length; i++) {
      const dx = part[i].x - part[i - 1].x, dy = part[i].y - part[i - 1].y;
      const length = Math.hypot(dx, dy);
      if (!length) continue;
      const right = { x: (-dy / length) * gap, y: (dx / length) * gap };
      for (const p of [part[i - 1], part[i]]) moved.push({ x: p.x + right.x, y: p.y + right.y });
    }
    return moved;
  }

  const OUTLINES = {
    square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
    diamond: [[0, -1.22], [1.22, 0], [0, 1.22], [-1.22, 0]],
    hexagon: [[-1.1, 0], [-0.55, -0.98], [0.55, -0.98], [1.1, 0], [0.55, 0.98], [-0.55, 0.98]],
  };

  const Pin = L.CircleMarker.extend({
    options: { weight: 16, bubblingMouseEvents: false },

    // `mark` ({label, colour, ink, ring}) stands for the number and the team's colour.
    setMark(mark) {
      this.mark = mark;
      this.redraw();
    },

    _project() {
      const { crowd } = this.options;
      this._radius = this.state === "faded" ? 4 : crowd.radius() + (this.state === "front" ? 2 : 0);
      const home = this._map.latLngToLayerPoint(this._latlng);
      this._home = home;
      this._point = this.state === "faded" ? home : home.add(crowd.shift(this));
      this._updateBounds();
    },

    _updateBounds() {
      const reach = this._radius + 10;
      this._pxBounds = L.bounds([this._point.subtract([reach * 1.6, reach]), this._point.add([reach * 1.6, reach])]).extend(this._home);
    },

    _updatePath() {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const ctx = renderer._ctx;
      const { label: text = this.options.label, colour, ink, ring } = { ...this.options.team, ...this.mark };
      const { x, y } = this._point;
      const r = this._radius, faded = this.state === "faded";
      const label = r < 7 ? "" : text;
      if (r < 7 && !ring) { // a dot among thousands: the least that can be drawn
        ctx.setLineDash([]);
        ctx.globalAlpha = faded ? 0.45 : 1;
        this._outline(ctx, x, y, r + 0.4, 0);
        Object.assign(ctx, { fillStyle: colour, strokeStyle: EDGE.light, lineWidth: 0.8 });
        ctx.fill();
        if (!faded) ctx.stroke();
        ctx.globalAlpha = 1;
        return;
      }
      ctx.save();
      ctx.setLineDash([]);
      ctx.globalAlpha = faded ? 0.45 : 1;
      if (!faded && this._home.distanceTo(this._point) > r * 0.6) {
        Object.assign(ctx, { strokeStyle: EDGE[Doorroute.scheme()], lineWidth: 1.4 });
        ctx.beginPath();
        ctx.moveTo(this._home.x, this._home.y);
        ctx.lineTo(x, y);
        ctx.stroke();
        ctx.beginPath();
        ctx.arc(this._home.x, this._home.y, 2.4, 0, 7);
        ctx.fillStyle = EDGE[Doorroute.scheme()];
        ctx.fill();
      }
      ctx.font = `700 ${label.length > 3 ? r * 0.95 : r * 1.15}px ${FONT}`;
      const stretch = faded || !label ? 0 : Math.max(0, ctx.measureText(label).width / 2 + 4 - r * 0.92);
      this._outline(ctx, x, y, r + (r < 7 ? 1.8 : 2.6), stretch);
      ctx.fillStyle = faded ? "transparent" : "#ffffff";
      ctx.fill();
      this._outline(ctx, x, y, r + 0.8, stretch);
      ctx.fillStyle = EDGE.light;
      ctx.fill();
      this._outline(ctx, x, y, r, stretch);
      ctx.fillStyle = colour;
      ctx.fill();
      if (ring) {
        this._outline(ctx, x, y, r + 6.5, stretch);
        Object.assign(ctx, { strokeStyle: ring, lineWidth: 4 });
        ctx.stroke();
      }
      if (!faded) {
        Object.assign(ctx, { fillStyle: ink, textAlign: "center", textBaseline: "middle" });
        ctx.fillText(label, x, y + r * 0.07);
      }
      ctx.restore();
    },

    _outline(ctx, x, y, r, stretch) {
      Doorroute.outline(ctx, this.options.team.shape, x, y, r, stretch);
    },
  });

  // The outline of a team's sign as a path of `ctx`, `stretch` pixels wider to both sides.
  Doorroute.outline = (ctx, shape, x, y, r, stretch) => {
    const corners = OUTLINES[shape];
    ctx.beginPath();
    if (corners) {
      for (const [cx, cy] of corners) ctx.lineTo(x + cx * r + Math.sign(cx) * stretch, y + cy * r);
    } else {
      ctx.arc(x + stretch, y, r, -Math.PI / 2, Math.PI / 2);
      ctx.arc(x - stretch, y, r, Math.PI / 2, -Math.PI / 2);
    }
    ctx.closePath();
  };

  // Stops that would lie on one another move apart a little; settled once a zoom.
  class Crowd {
    constructor(map) {
      Object.assign(this, { map, pins: [], signs: [], front: null, settled: new Map() });
    }

    // Others need room now: those of one team, or those that are looked for; the faded ones need none.
    renew(front) {
      this.front = front;
      this.settled.clear();
    }

    now() {
      const zoom = this.map.getZoom();
      if (!this.settled.has(zoom)) this.settled.set(zoom, this.settle(zoom));
      return this.settled.get(zoom);
    }

    shift(pin) {
      return this.now().shifts.get(pin) || L.point(0, 0);
    }

    radius() {
      return this.now().radius;
    }

    // As large as leaves the map to be seen; the smallest are dots without a number.
    fitting(spots) {
      const size = L.bounds(spots.map(({ home }) => home)).getSize();
      const room = Math.max(size.x, 60) * Math.max(size.y, 60);
      const share = (r) => (spots.length * Math.PI * (r + 1.5) ** 2) / room;
      return [[13, 0.06], [10, 0.2], [8, 0.3], [5, 0.3]].find(([r, most]) => share(r) < most)?.[0] || 3;
    }

    settle(zoom) {
      const spots = this.pins.filter((pin) => pin.state !== "faded").map((pin) => {
        const home = this.map.project(pin.getLatLng(), zoom);
        return { pin, home, x: home.x, y: home.y };
      });
      if (!spots.length) return { radius: 10, shifts: new Map() };
      const radius = this.fitting(spots);
      for (const spot of spots) spot.room = radius + (this.front ? 3.5 : 1.5) + (spot.pin.options.label.length > 2 ? 4 : 0);
      for (const at of this.signs) { // depots and the like stay where they are
        const home = this.map.project(at, zoom);
        spots.push({ home, x: home.x, y: home.y, room: 15, fixed: true });
      }
      const most = radius < 7 ? 0 : 3 * radius;
      for (let round = 0; round < 30 && most && spots.length <= 1500; round++) {
        const cells = new Map();
        for (const spot of spots) {
          const key = `${Math.floor(spot.x / 40)}/${Math.floor(spot.y / 40)}`;
          cells.set(key, [...(cells.get(key) || []), spot]);
        }
        let moved = false;
        for (const spot of spots) {
          const cx = Math.floor(spot.x / 40), cy = Math.floor(spot.y / 40);
          for (let i = cx - 1; i <= cx + 1; i++) {
            for (let j = cy - 1; j <= cy + 1; j++) {
              for (const other of cells.get(`${i}/${j}`) || []) {
                if (other === spot) continue;
                let dx = other.x - spot.x, dy = other.y - spot.y, gap = Math.hypot(dx, dy);
                const overlap = spot.room + other.room - gap;
                if (overlap <= 0.5) continue;
                if (gap < 0.01) [dx, dy, gap] = [Math.cos(spots.indexOf(other)), Math.sin(spots.indexOf(other)), 1];
                const push = overlap / 2 / gap;
                const [back, on] = spot.fixed ? [0, 2] : other.fixed ? [2, 0] : [1, 1];
                spot.x -= dx * push * back;
                spot.y -= dy * push * back;
                other.x += dx * push * on;
                other.y += dy * push * on;
                moved = true;
              }
            }
          }
          const far = Math.hypot(spot.x - spot.home.x, spot.y - spot.home.y);
          if (far > most) {
            spot.x = spot.home.x + ((spot.x - spot.home.x) * most) / far;
            spot.y = spot.home.y + ((spot.y - spot.home.y) * most) / far;
          }
        }
        if (!moved) break;
      }
      return { radius, shifts: new Map(spots.map((spot) => [spot.pin, L.point(spot.x, spot.y).subtract(spot.home)])) };
    }
  }

  // Draw `teams` ({colour, ink, shape, dash, line, pins: [{label, at, ...}]}) clear of `signs`; clicks are told to `onLine` and `onPin`.
  // Returns what was drawn of each team, and `highlight(index, wanted)`, which brings one team to the front, or (index null) the stops
  // for which `wanted(team, pin)` is true; null and null: all alike;
  // `stretch(points, colour, ink)` draws over them.
  Doorroute.routes = (map, teams, { signs, onPin, onLine }) => {
    const renderer = new Sheet({ padding: 0.3, tolerance: 4 });
    const crowd = new Crowd(map);
    const drawn = teams.map((team, i) => {
      const lane = teams.length > 1 ? ((i % 5) - 2) * 1.6 : 0;
      const line = new Line(Doorroute.line(team.line), { team, renderer, crowd, lane });
      const pins = team.pins.map((pin) => new Pin(pin.at, { team, label: pin.label, renderer, crowd }));
      line.on("click", () => onLine(team));
      pins.forEach((marker, i) => marker.on("click", () => onPin(team, team.pins[i], marker)));
      return { team, line, pins, layer: L.layerGroup([line, ...pins]) };
    });
    crowd.signs = signs;
    crowd.pins = [].concat(...drawn.map(({ pins }) => pins));
    for (const { line } of drawn) line.addTo(map);
    for (const { layer } of drawn) layer.addTo(map);
    const highlight = (index, wanted = null) => {
      const faded = (i, pin) => (index !== null ? i !== index : wanted !== null && !wanted(i, pin));
      drawn.forEach(({ line, pins }, i) => {
        pins.forEach((pin, place) => { pin.state = faded(i, place) ? "faded" : index === i ? "front" : "plain"; });
        line.state = index === i ? "front" : index !== null || (wanted && pins.every((pin) => pin.state === "faded")) ? "faded" : "plain";
      });
      crowd.renew(index === null ? null : teams[index]);
      for (const { line, pins } of drawn) for (const shape of [line, ...pins]) shape.redraw();
      const above = index !== null ? [drawn[index].line, ...drawn[index].pins] : wanted ? drawn.flatMap(({ pins }) => pins.filter((pin) => pin.state !== "faded")) : [];
      if (above.length <= 2000) for (const shape of above) shape.bringToFront();
    };
    // One stretch of a route over the others, in a colour of its own.
    const stretch = (points, colour, ink) => {
      const line = new Line(points, { team: { colour, ink, dash: [] }, renderer, crowd, lane: 0, interactive: false });
      line.addTo(map).setState("front");
      return line;
    };
    return { drawn, highlight, stretch, renderer };
  };

  // A small sign on the map whose picture is made of elements, never of text that is read as HTML.
  Doorroute.sign = (at, name, text, title) => {
    const icon = document.createElement("span");
    icon.className = `sign sign-${name}`;
    icon.textContent = text;
    return L.marker(at, { icon: L.divIcon({ html: icon, className: "", iconSize: [26, 26] }), title, alt: title, keyboard: false });
  };

  // What is closed today: sealed gates as signs, streets and areas in dashes.
  Doorroute.closed = (map, { word, shapes }) => {
    const style = { color: "#b3001b", weight: 5, opacity: 0.9, dashArray: "2 9", fillOpacity: 0.14, interactive: false };
    for (const [dimensions, points] of shapes) {
      if (dimensions) L[dimensions > 1 ? "polygon" : "polyline"](points, style).addTo(map);
      else Doorroute.sign(points[0], "closed", "", word).addTo(map);
    }
  };

  Doorroute.element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
})();
