// Routes as they are packed, and points along them. Points are [latitude, longitude] in degrees.
/** @import { LatLngTuple } from "leaflet" */

/**
 * Unpack a line: steps of 1e-5 degrees, latitude and longitude in turn.
 * @param {number[]} steps
 */
export function line(steps) {
  /** @type {LatLngTuple[]} */
  const points = [];
  for (let i = 0, lat = 0, lon = 0; i < steps.length; i += 2) {
    lat += steps[i];
    lon += steps[i + 1];
    points.push([lat / 1e5, lon / 1e5]);
  }
  return points;
}

/**
 * Return the part of a route that leads to stop `index`, from the stop or depot before it.
 * @template T
 * @param {T[]} points the whole route
 * @param {number[]} ends for each stop, the place of its point in `points`
 * @param {number} index `ends.length` for the leg to the depot
 */
export const leg = (points, ends, index) =>
  points.slice(index ? ends[index - 1] : 0, (index < ends.length ? ends[index] : points.length - 1) + 1);

/**
 * Return the point at `share` (0 to 1) of a line's length.
 * @param {LatLngTuple[]} points
 * @param {number} share
 * @param {(from: LatLngTuple, to: LatLngTuple) => number} distance in metres
 * @returns {LatLngTuple}
 */
export function along(points, share, distance) {
  if (points.length < 2) return points[0];
  const far = [0];
  for (let i = 1; i < points.length; i++) far.push(far[i - 1] + distance(points[i - 1], points[i]));
  const goal = far[far.length - 1] * share;
  const i = Math.max(
    1,
    far.findIndex((metres) => metres >= goal),
  );
  const part = (goal - far[i - 1]) / (far[i] - far[i - 1] || 1);
  const [[lat, lon], [toLat, toLon]] = [points[i - 1], points[i]];
  return [lat + (toLat - lat) * part, lon + (toLon - lon) * part];
}
