// The plan with names for the places of a stop's list.
/** @import { PackedPlan, Plan } from "./types.js" */

/**
 * @param {PackedPlan} packed
 * @returns {Plan}
 */
export function unpackPlan(packed) {
  /** @param {[number, number[], string[]]} whose */
  const whose = ([window, rows, ids]) => ({ windows: packed.windows[window], rows, ids });
  const teams = packed.teams.map((team, index) => ({
    ...team,
    stops: team.stops.map(([visit, people, from_s, wait_s, begin_s, to_s, ...rest], place) => ({
      team: index,
      name: team.name,
      place,
      number: place + 1,
      done: place < team.done,
      visit,
      people,
      from_s,
      wait_s,
      begin_s,
      to_s,
      ...whose(rest),
    })),
  }));
  const unassigned = packed.unassigned.map(([visit, people, at, ...rest]) => ({
    team: null,
    visit,
    people,
    at,
    ...whose(rest),
  }));
  return { ...packed, teams, unassigned };
}
