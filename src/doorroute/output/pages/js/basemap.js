// The base map: features packed into the page itself, drawn tile by tile on canvas, a few milliseconds a frame.
// What the bytes mean is told at `BaseMap.pack` in basemap.py; the order of KINDS is that of `Kind` in features.py.
window.Doorroute = window.Doorroute || {};

(() => {
  "use strict";

  const KINDS = ["green", "wood", "water", "plaza", "building", "stream", "rail", "steps", "foot", "service", "minor",
    "major", "trunk", "number", "landmark", "place"];
  const FRAME_MS = { moving: 12, still: 80 }; // of painting: a moving map is to be smooth, of one at rest all is to be seen soon
  const SHARP = 2; // dots a pixel: between whole zooms tiles are stretched; 3 costs a phone twice the time and is not seen
  const FONT = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';

  Doorroute.PALETTES = {
    light: {
      land: "#f5f3ee", green: "#e2ebd6", wood: "#d3e1c6", water: "#c3dcea", plaza: "#ece7df", building: "#e4ddd3",
      wall: "#cfc6b9", stream: "#a9cde0", rail: "#c4c0bb", steps: "#b6a894", foot: "#d8cdbd", service: "#ffffff", minor: "#ffffff",
      major: "#fff6dc", trunk: "#fbe6b5", casing: "#d6cec1", text: "#55504a", soft: "#7a7267", halo: "#fbfaf7",
    },
    dark: {
      land: "#15181d", green: "#1a241c", wood: "#18261b", water: "#12293a", plaza: "#1d2127", building: "#22272f",
      wall: "#333a45", stream: "#1d4258", rail: "#3d4149", steps: "#4d4a44", foot: "#353a42", service: "#363c46", minor: "#3d434e",
      major: "#4d5260", trunk: "#5b5a58", casing: "#101317", text: "#c7ccd4", soft: "#98a0ab", halo: "#14171c",
    },
  };

  // from which zoom a kind is drawn; its width in pixels at zoom 17
  const FROM_ZOOM = { building: 14, plaza: 15, steps: 16, foot: 16, service: 15, minor: 12, number: 17, landmark: 16, stream: 12 };
  const WIDTH = { stream: 3, rail: 1.6, steps: 2.4, foot: 1.3, service: 4.2, minor: 8.5, major: 11, trunk: 13.5 };
  const CASED = ["service", "minor", "major", "trunk"];

  // `packed` holds base64 of gzip (`data`), or the bytes themselves (`bytes`).
  function unpack({ origin, unit, data, bytes = Doorroute.gunzip(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))) }) {
    let at = 0;
    const varint = () => {
      let octet = bytes[at++], value = octet & 127;
      for (let factor = 128; octet > 127; factor *= 128) {
        octet = bytes[at++];
        value += (octet & 127) * factor;
      }
      return value;
    };
    const column = (length) => {
      const values = new Float64Array(length);
      for (let i = 0; i < length; i++) values[i] = varint();
      return values;
    };
    const step = (zigzag) => (zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2);

    const length = varint();
    const names = new TextDecoder().decode(bytes.subarray(at, at + length)).split("\n");
    at += length;
    const layers = {};
    for (const kind of KINDS) {
      const features = varint(), rings = varint();
      const name = column(features), ringsOf = column(features), pointsOf = column(rings);
      const points = pointsOf.reduce((sum, n) => sum + n, 0);
      const x = column(points), y = column(points);
      for (let i = 0, east = origin[0], north = origin[1]; i < points; i++) {
        east += step(x[i]);
        north += step(y[i]);
        const sine = Math.sin((north * unit * Math.PI) / 180);
        x[i] = east * unit / 360 + 0.5; // Web Mercator, the world being 1 wide
        y[i] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
      }
      layers[kind] = { features: grouped(name, ringsOf, pointsOf, x, y, names), x, y };
    }
    return layers;
  }

  function grouped(name, ringsOf, pointsOf, x, y, names) {
    const features = [];
    let ring = 0, point = 0;
    for (let i = 0; i < name.length; i++) {
      const feature = { name: name[i] ? names[name[i] - 1] : "", rings: [], west: 2, north: 2, east: -1, south: -1 };
      for (let n = 0; n < ringsOf[i]; n++) {
        const end = point + pointsOf[ring++];
        feature.rings.push([point, end]);
        for (; point < end; point++) {
          feature.west = Math.min(feature.west, x[point]);
          feature.east = Math.max(feature.east, x[point]);
          feature.north = Math.min(feature.north, y[point]);
          feature.south = Math.max(feature.south, y[point]);
        }
      }
      features.push(feature);
    }
    return features;
  }

  // One tile: `world` pixels across the whole world, `left` and `top` of the tile among them.
  class Brush {
    constructor(ctx, layers, palette, { zoom, world, left, top, size }) {
      Object.assign(this, { ctx, layers, palette, zoom, world, left, top, size });
      const reach = 24;
      this.view = [(left - reach) / world, (top - reach) / world, (left + size + reach) / world, (top + size + reach) / world];
    }

    trace(kind, closed) {
      const { features, x, y } = this.layers[kind];
      const { ctx, world, left, top, view } = this;
      ctx.beginPath();
      for (const feature of features) {
        if (feature.east < view[0] || feature.south < view[1] || feature.west > view[2] || feature.north > view[3]) continue;
        for (const [start, end] of feature.rings) {
          ctx.moveTo(x[start] * world - left, y[start] * world - top);
          for (let i = start + 1; i < end; i++) ctx.lineTo(x[i] * world - left, y[i] * world - top);
          if (closed) ctx.closePath();
        }
      }
    }

    fill(kind, edge) {
      if (this.zoom < (FROM_ZOOM[kind] || 0)) return;
      this.trace(kind, true);
      this.ctx.fillStyle = this.palette[kind];
      this.ctx.fill("evenodd");
      if (edge) this.stroke(edge, 0.7);
    }

    width(kind) {
      return Math.max(WIDTH[kind] * 2 ** ((this.zoom - 17) * 0.85), kind === "trunk" || kind === "major" ? 1.6 : 0.8);
    }

    line(kind, dash = []) {
      if (this.zoom < (FROM_ZOOM[kind] || 0)) return;
      this.trace(kind, false);
      this.stroke(this.palette[kind], this.width(kind), dash);
    }

    stroke(colour, width, dash = []) {
      const thin = width < 1.5; // its joins and ends are not seen, and round ones take twice the time
      Object.assign(this.ctx, { strokeStyle: colour, lineWidth: width, lineJoin: thin ? "bevel" : "round", lineCap: thin || dash.length ? "butt" : "round" });
      this.ctx.setLineDash(dash);
      this.ctx.stroke();
    }

    paint() {
      this.ctx.fillStyle = this.palette.land;
      this.ctx.fillRect(0, 0, this.size, this.size);
      for (const kind of ["green", "wood", "water", "plaza"]) this.fill(kind);
      this.fill("building", this.zoom >= 15 ? this.palette.wall : "");
      this.line("stream");
      this.line("rail");
      this.line("foot", this.zoom >= 17 ? [4, 3] : []);
      this.line("steps", [2, 2]);
      for (const kind of CASED) {
        if (this.zoom < Math.max(FROM_ZOOM[kind] || 0, 14)) continue;
        this.trace(kind, false);
        this.stroke(this.palette.casing, this.width(kind) + 1.6);
      }
      for (const kind of CASED) this.line(kind);
    }

    write(labels) {
      const { ctx, left, top, palette } = this;
      Object.assign(ctx, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
      ctx.setLineDash([]);
      for (const label of labels) {
        ctx.save();
        ctx.translate(label.x - left, label.y - top);
        ctx.rotate(label.angle);
        ctx.font = label.font;
        ctx.lineWidth = 3;
        ctx.strokeStyle = palette.halo;
        ctx.strokeText(label.text, 0, 0);
        ctx.fillStyle = palette[label.ink];
        ctx.fillText(label.text, 0, 0);
        ctx.restore();
      }
    }
  }

  // Where names stand, settled once a zoom over the whole area, so that no name breaks at the edge of a tile.
  class Labels {
    constructor(layers, zoom, size) {
      Object.assign(this, { layers, zoom, size, world: size * 2 ** zoom, tiles: new Map(), taken: new Map(), last: new Map() });
      this.ctx = document.createElement("canvas").getContext("2d");
      if (zoom >= 11 && zoom <= 16) this.points("place", `600 14px ${FONT}`, "text");
      if (zoom >= 13) this.streets("trunk", `600 12px ${FONT}`);
      if (zoom >= 14) this.streets("major", `600 12px ${FONT}`);
      if (zoom >= 15) this.streets("minor", `500 11.5px ${FONT}`);
      if (zoom >= FROM_ZOOM.landmark) this.points("landmark", `italic 500 11px ${FONT}`, "soft");
      if (zoom >= FROM_ZOOM.number) this.points("number", `500 10px ${FONT}`, "soft");
      if (zoom >= 17) this.streets("service", `500 11px ${FONT}`);
      if (zoom >= 17) this.streets("foot", `500 10.5px ${FONT}`);
    }

    in(coords) {
      return this.tiles.get(`${coords.x}/${coords.y}`) || [];
    }

    points(kind, font, ink) {
      const { features, x, y } = this.layers[kind];
      this.ctx.font = font;
      for (const { name, rings } of features) {
        const half = this.ctx.measureText(name).width / 2 + 2;
        const label = { text: name, font, ink, angle: 0, x: x[rings[0][0]] * this.world, y: y[rings[0][0]] * this.world };
        this.put(label, [[label.x - half, label.y - 7, label.x + half, label.y + 7]]);
      }
    }

    streets(kind, font) {
      const { features, x, y } = this.layers[kind];
      const road = WIDTH[kind] * 2 ** ((this.zoom - 17) * 0.85);
      this.ctx.font = font;
      for (const { name, rings } of features) {
        if (!name) continue;
        const half = this.ctx.measureText(name).width / 2;
        for (const [start, end] of rings) {
          const line = [];
          for (let i = start; i < end; i++) line.push([x[i] * this.world, y[i] * this.world]);
          for (const spot of straight(line, half + 6, Math.max(2, road / 3))) {
            const before = this.last.get(name) || [];
            if (before.some(([px, py]) => Math.hypot(px - spot.x, py - spot.y) < 340)) continue;
            const boxes = [];
            for (let along = -half; along <= half; along += 12) {
              const px = spot.x + along * Math.cos(spot.angle), py = spot.y + along * Math.sin(spot.angle);
              boxes.push([px - 8, py - 8, px + 8, py + 8]);
            }
            if (this.put({ text: name, font, ink: "text", ...spot }, boxes)) this.last.set(name, [...before, [spot.x, spot.y]]);
          }
        }
      }
    }

    put(label, boxes) {
      const cells = boxes.map(([w, n, e, s]) => {
        const keys = [];
        for (let cx = Math.floor(w / 64); cx <= e / 64; cx++)
          for (let cy = Math.floor(n / 64); cy <= s / 64; cy++) keys.push(`${cx}/${cy}`);
        return keys;
      });
      const free = boxes.every((box, i) => cells[i].every((key) => (this.taken.get(key) || []).every((other) =>
        box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3])));
      if (!free) return false;
      const tiles = new Set();
      boxes.forEach((box, i) => {
        for (const key of cells[i]) this.taken.set(key, [...(this.taken.get(key) || []), box]);
        for (const px of [box[0], box[2]])
          for (const py of [box[1], box[3]]) tiles.add(`${Math.floor(px / this.size)}/${Math.floor(py / this.size)}`);
      });
      for (const key of tiles) this.tiles.set(key, [...(this.tiles.get(key) || []), label]);
      return true;
    }
  }

  // The middles of the stretches of `line` that are at least 2 * half long and bend by less than `slack` pixels.
  function* straight(line, half, slack) {
    for (let i = 0; i + 1 < line.length; i++) {
      let j = i + 1, far = j;
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

  function bend(line, i, j) {
    const [[ax, ay], [bx, by]] = [line[i], line[j]];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    let worst = 0;
    for (let k = i + 1; k < j; k++)
      worst = Math.max(worst, Math.abs((line[k][0] - ax) * (by - ay) - (line[k][1] - ay) * (bx - ax)) / length);
    return worst;
  }

  const BaseMap = L.GridLayer.extend({
    options: {
      attribution: "© OpenStreetMap contributors",
      keepBuffer: 1, updateWhenZooming: false, maxZoom: 20,
    },

    initialize(packed, palette, options) {
      const attribution = [packed.note, this.options.attribution].filter(Boolean).join(" · ");
      L.GridLayer.prototype.initialize.call(this, { attribution, ...options });
      Object.assign(this, { palette, waiting: [], labels: new Map(), layers: null });
      this.on("load", () => { document.documentElement.dataset.map = "drawn"; });
      setTimeout(() => { // the routes stand before the streets are unpacked
        this.layers = unpack(packed);
        this.next();
      });
    },

    setPalette(palette) {
      if (palette === this.palette) return;
      this.palette = palette;
      // in place: a canvas made during `beforeprint` would come out blank
      for (const { el, coords, loaded } of Object.values(this._tiles)) if (loaded) this.paint(el, coords);
    },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      this.waiting.push({ canvas, coords, done });
      this.next();
      return canvas;
    },

    next() {
      if (!this.layers || this.asked || !this.waiting.length) return;
      this.asked = requestAnimationFrame(() => {
        this.asked = 0;
        const map = this._map, moving = map && (map.dragging.moving() || map._panAnim?._inProgress);
        const until = performance.now() + (moving ? FRAME_MS.moving : FRAME_MS.still);
        while (this.waiting.length && performance.now() < until) this.draw(this.waiting.shift());
        this.next();
      });
    },

    draw({ canvas, coords, done }) {
      if (!this._map || !canvas.isConnected) return; // left behind by a quick zoom
      this.paint(canvas, coords);
      done(null, canvas);
    },

    paint(canvas, coords) {
      const size = this.getTileSize().x;
      canvas.width = canvas.height = size * SHARP;
      const ctx = canvas.getContext("2d", { alpha: false });
      ctx.scale(SHARP, SHARP);
      if (!this.labels.has(coords.z)) this.labels.set(coords.z, new Labels(this.layers, coords.z, size));
      const brush = new Brush(ctx, this.layers, this.palette,
        { zoom: coords.z, world: size * 2 ** coords.z, left: coords.x * size, top: coords.y * size, size });
      brush.paint();
      brush.write(this.labels.get(coords.z).in(coords));
    },
  });

  Doorroute.baseMap = (packed, palette) => new BaseMap(packed, palette);
})();
