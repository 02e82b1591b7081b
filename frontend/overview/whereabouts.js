// Where a team is at a time of its day.
/** @import { LatLngTuple } from "leaflet" */
/** @import { Words } from "../lib/types.js" */
/** @import { Team } from "./types.js" */
import { along, leg, line } from "../lib/line.js";
import { fill } from "../lib/text.js";

/**
 * Return where a team is at a time, and in words what it does there.
 * @param {Team} team
 * @param {number} time_s
 * @param {Words} words
 * @param {(from: LatLngTuple, to: LatLngTuple) => number} distance in metres
 */
export function whereabouts(team, time_s, words, distance) {
  const points = line(team.line),
    { stops, ends } = team;
  if (time_s < team.start_s) return { at: points[0], doing: words.not_started };
  if (time_s >= team.finish_s) return { at: points[points.length - 1], doing: words.back };
  const found = stops.findIndex((stop) => time_s < stop.to_s);
  const next = found < 0 ? stops.length : found; // `stops.length`: the depot
  const goal = stops[next];
  if (goal && time_s >= goal.from_s) {
    return { at: points[ends[next]], doing: fill(words.at_stop, { number: goal.number }) };
  }
  const pause = team.pauses.find(([, from_s, to_s]) => time_s >= from_s && time_s < to_s);
  const left_s = next ? stops[next - 1].to_s : team.start_s;
  const due_s = goal ? goal.from_s : team.finish_s;
  const doing = pause
    ? words[pause[0]]
    : goal
      ? fill(words.to_stop, { number: goal.number })
      : words.to_depot;
  const share = (time_s - left_s) / Math.max(1, due_s - left_s);
  return { at: along(leg(points, ends, next), share, distance), doing };
}
