// Coordinates as they are typed or pasted.

/** @typedef {[string, string]} Pair latitude and longitude, as they were written */
/** @typedef {[[number, number], [number, number]]} Bounds south and west, north and east */

const NEAR = 0.3; // degrees around the map in which a typed place is no surprise
const SEPARATORS = /[\s,;\uff0c\uff1b\u3001]+/; // with those of Chinese
const NUMBER = /^[+-]?\d{1,3}(\.\d+)?$/;

/**
 * Return whether a place is on the map or close to it; without a map every place is.
 * @param {Pair} pair
 * @param {Bounds | null} bounds
 */
export function isNear([lat, lon], bounds) {
  if (!bounds) return true;
  const [[south, west], [north, east]] = bounds,
    y = Number(lat),
    x = Number(lon);
  return y > south - NEAR && y < north + NEAR && x > west - NEAR && x < east + NEAR;
}

/**
 * Read coordinates in either order: Amap and Baidu copy the longitude first. What can be a latitude decides,
 * then the map.
 * @param {string} text
 * @param {Bounds | null} bounds
 * @returns {Pair | null}
 */
export function readPair(text, bounds) {
  const [first, second, ...more] = text.trim().split(SEPARATORS);
  if (!first || !second || more.length || ![first, second].every((part) => NUMBER.test(part))) return null;
  /** @type {Pair[]} */
  const orders = [
    [first, second],
    [second, first],
  ];
  const possible = orders.filter(([lat, lon]) => Math.abs(Number(lat)) <= 90 && Math.abs(Number(lon)) <= 180);
  return possible.find((pair) => isNear(pair, bounds)) || possible[0] || null;
}
