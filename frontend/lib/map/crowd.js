// Stops that would cover one another move apart a little; settled once a zoom.
/** @import { LatLngExpression, Point } from "leaflet" */
/** @import { Pin } from "./routes.js" */

/** @typedef {{ pin?: Pin, home: Point, x: number, y: number, room: number, fixed?: boolean }} Spot */
/** @typedef {{ radius: number, shifts: Map<Pin | undefined, Point> }} Settled */

const CELL = 40; // pixels
const ROUNDS = 30;
const MOST_SPOTS = 1500; // more than these stay where they are
/** Radius of a pin, and the share of the map that all pins may cover at that size. */
const SIZES = [
  [13, 0.06],
  [10, 0.2],
  [8, 0.3],
  [5, 0.3],
];
export const DOT = 3; // the smallest radius
const SIGN_ROOM = 15;

export class Crowd {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Pin[]} */
    this.pins = [];
    /** @type {LatLngExpression[]} */
    this.signs = [];
    this.front = false;
    /** @type {Map<number, Settled>} */
    this.settled = new Map();
  }

  /**
   * Settle anew: other pins need room now. Faded ones need none.
   * @param {boolean} front whether one team is in front
   */
  renew(front) {
    this.front = front;
    this.settled.clear();
  }

  now() {
    const zoom = this.map.getZoom();
    const settled = this.settled.get(zoom) || this.settle(zoom);
    this.settled.set(zoom, settled);
    return settled;
  }

  /** @param {Pin} pin */
  shift(pin) {
    return this.now().shifts.get(pin) || L.point(0, 0);
  }

  radius() {
    return this.now().radius;
  }

  /**
   * Return the largest radius that leaves the map to be seen; the smallest are dots without a number.
   * @param {Spot[]} spots
   */
  fitting(spots) {
    const size = L.bounds(spots.map(({ home }) => home)).getSize();
    const room = Math.max(size.x, 60) * Math.max(size.y, 60);
    const found = SIZES.find(([r, most]) => (spots.length * Math.PI * (r + 1.5) ** 2) / room < most);
    return found ? found[0] : DOT;
  }

  /**
   * @param {number} zoom
   * @returns {Settled}
   */
  settle(zoom) {
    /** @type {Spot[]} */
    const spots = this.pins
      .filter((pin) => pin.state !== "faded")
      .map((pin) => {
        const home = this.map.project(pin.getLatLng(), zoom);
        return { pin, home, x: home.x, y: home.y, room: 0 };
      });
    if (!spots.length) return { radius: 10, shifts: new Map() };
    const radius = this.fitting(spots);
    for (const spot of spots) {
      spot.room = radius + (this.front ? 3.5 : 1.5) + (spot.pin && spot.pin.label.length > 2 ? 4 : 0);
    }
    for (const at of this.signs) {
      // depots and the like stay where they are
      const home = this.map.project(at, zoom);
      spots.push({ home, x: home.x, y: home.y, room: SIGN_ROOM, fixed: true });
    }
    const most = radius < 7 ? 0 : 3 * radius;
    if (most && spots.length <= MOST_SPOTS)
      for (let round = 0; round < ROUNDS && pushApart(spots, most); round++);
    const shifts = new Map(spots.map(({ pin, x, y, home }) => [pin, L.point(x, y).subtract(home)]));
    return { radius, shifts };
  }
}

/**
 * Push spots that overlap apart once, none further than `most` from its home; return whether any had to move.
 * @param {Spot[]} spots
 * @param {number} most
 */
function pushApart(spots, most) {
  /** @type {Map<string, Spot[]>} */
  const cells = new Map();
  for (const spot of spots) {
    const key = `${Math.floor(spot.x / CELL)}/${Math.floor(spot.y / CELL)}`;
    cells.set(key, [...(cells.get(key) || []), spot]);
  }
  let moved = false;
  for (const spot of spots) {
    const cx = Math.floor(spot.x / CELL),
      cy = Math.floor(spot.y / CELL);
    for (let i = cx - 1; i <= cx + 1; i++) {
      for (let j = cy - 1; j <= cy + 1; j++) {
        for (const other of cells.get(`${i}/${j}`) || []) {
          if (other !== spot && push(spot, other, spots)) moved = true;
        }
      }
    }
    const far = Math.hypot(spot.x - spot.home.x, spot.y - spot.home.y);
    if (far > most) {
      spot.x = spot.home.x + ((spot.x - spot.home.x) * most) / far;
      spot.y = spot.home.y + ((spot.y - spot.home.y) * most) / far;
    }
  }
  return moved;
}

/**
 * @param {Spot} spot
 * @param {Spot} other
 * @param {Spot[]} spots all of them: two in one place part at an angle that follows from their order
 */
function push(spot, other, spots) {
  let dx = other.x - spot.x,
    dy = other.y - spot.y,
    gap = Math.hypot(dx, dy);
  const overlap = spot.room + other.room - gap;
  if (overlap <= 0.5) return false;
  if (gap < 0.01) {
    const angle = spots.indexOf(other);
    [dx, dy, gap] = [Math.cos(angle), Math.sin(angle), 1];
  }
  const share = overlap / 2 / gap;
  const [back, on] = spot.fixed ? [0, 2] : other.fixed ? [2, 0] : [1, 1];
  spot.x -= dx * share * back;
  spot.y -= dy * share * back;
  other.x += dx * share * on;
  other.y += dy * share * on;
  return true;
}
