// The packed base map as features in Web Mercator. `BaseMap.pack` in basemap/packed.py says what the bytes
// mean.

/** In the order of `Kind` in basemap/features.py. */
// prettier-ignore
const KINDS = /** @type {const} */ ([
  "green", "wood", "water", "plaza", "building", "stream", "rail", "steps", "foot", "service", "minor", "major",
  "trunk", "number", "landmark", "place",
]);
/** @typedef {typeof KINDS[number]} Kind */
/** @typedef {{ west: number, north: number, east: number, south: number }} Extent in Web Mercator */
/** @typedef {Extent & { name: string, rings: [number, number][] }} Feature */
/** @typedef {{ features: Feature[], x: Float64Array, y: Float64Array }} Layer */
/** @typedef {Record<Kind, Layer>} Layers */

/**
 * Return where a point lies in Web Mercator, the world being 1 wide and 1 high, north up.
 * @param {number} lat degrees
 * @param {number} lon degrees
 */
export function project(lat, lon) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

/**
 * Unpack a base map.
 * @param {Uint8Array} bytes
 * @param {[number, number]} origin the first point, in units: longitude, latitude
 * @param {number} unit degrees a unit
 */
export function unpack(bytes, origin, unit) {
  let at = 0;
  const varint = () => {
    let octet = bytes[at++],
      value = octet & 127;
    for (let factor = 128; octet > 127; factor *= 128) {
      octet = bytes[at++];
      value += (octet & 127) * factor;
    }
    return value;
  };
  /** @param {number} length */
  const column = (length) => {
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = varint();
    return values;
  };
  /** @param {number} zigzag */
  const step = (zigzag) => (zigzag % 2 ? -(zigzag + 1) / 2 : zigzag / 2);

  const length = varint();
  const names = new TextDecoder().decode(bytes.subarray(at, at + length)).split("\n");
  at += length;
  const layers = /** @type {Layers} */ ({});
  for (const kind of KINDS) {
    const features = varint(),
      rings = varint();
    const name = column(features),
      ringsOf = column(features),
      pointsOf = column(rings);
    const points = pointsOf.reduce((sum, n) => sum + n, 0);
    const x = column(points),
      y = column(points);
    for (let i = 0, east = origin[0], north = origin[1]; i < points; i++) {
      east += step(x[i]);
      north += step(y[i]);
      ({ x: x[i], y: y[i] } = project(north * unit, east * unit));
    }
    layers[kind] = { features: grouped(name, ringsOf, pointsOf, x, y, names), x, y };
  }
  return layers;
}

/**
 * Cut the points into rings and the rings into features.
 * @param {Float64Array} name
 * @param {Float64Array} ringsOf
 * @param {Float64Array} pointsOf
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @param {string[]} names
 */
function grouped(name, ringsOf, pointsOf, x, y, names) {
  /** @type {Feature[]} */
  const features = [];
  let ring = 0,
    point = 0;
  for (let i = 0; i < name.length; i++) {
    /** @type {Feature} */
    const feature = {
      name: name[i] ? names[name[i] - 1] : "",
      rings: [],
      west: 2,
      north: 2,
      east: -1,
      south: -1,
    };
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
