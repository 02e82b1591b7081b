// How well a door fits what is looked for.
/** @import { AnyDoor, Secret } from "./types.js" */
import { plain } from "../lib/text.js";

/** What a door can be found by. */
/** @typedef {{ ids: string[], rows: string[], text: string, digits: string[] }} Keys */
/** @typedef {{ text: string, words: string[], number: string }} Query */

const FEWEST_DIGITS = 5;

/** @param {string} text */
const dialled = (text) => text.replace(/[^0-9]/g, "");

/**
 * Return what was typed, ready for `rank`.
 * @param {string} typed
 * @returns {Query}
 */
export function queryOf(typed) {
  const text = plain(typed.trim());
  return { text, words: text.split(/\s+/), number: /^[+\d\s()-]+$/.test(text) ? dialled(text) : "" };
}

/**
 * Return what a door can be found by: ids, rows, and where names are shown, all that is known of its people.
 * @param {AnyDoor} door
 * @param {Secret | null} secret
 * @returns {Keys}
 */
export function keysOf(door, secret) {
  const visit = secret && secret.visits[door.visit];
  const people = visit ? visit.people : [];
  const shown = people.map(([, , name, , phones, note]) => [name, ...phones.map(([number]) => number), note]);
  return {
    ids: [door.visit, ...door.ids, ...people.map(([, id]) => id)].map(plain),
    rows: door.rows.map(String),
    text: visit ? plain([visit.address, ...visit.way, ...shown.flat()].join("\n")) : "",
    digits: people.flatMap(([, , , , phones]) => phones.map(([number]) => dialled(number))),
  };
}

/**
 * Return how well a door fits, 0 best; null where it does not.
 * @param {Keys} keys
 * @param {Query} query
 */
export function rank({ ids, rows, text, digits }, query) {
  const sought = query.text;
  if (!sought) return 0;
  if (ids.includes(sought)) return 0;
  if (rows.includes(sought)) return 1;
  if (text && query.words.every((word) => text.includes(word))) return 2;
  if (ids.some((id) => id.startsWith(sought))) return 3;
  const long = query.number.length >= FEWEST_DIGITS;
  if (long && digits.some((each) => each.includes(query.number))) return 3;
  return ids.some((id) => id.includes(sought)) ? 4 : null;
}

/**
 * Return the doors in the order of their rank. Whoever names a door exactly does not mean those that only
 * begin so.
 * @template T
 * @param {T[]} doors
 * @param {(door: T) => number | null} rankOf
 * @param {boolean} exact whether a rank of 0 leaves out all others
 */
export function best(doors, rankOf, exact) {
  /** @type {[number, T][]} */
  const ranked = [];
  for (const door of doors) {
    const place = rankOf(door);
    if (place !== null) ranked.push([place, door]);
  }
  ranked.sort(([a], [b]) => a - b);
  const only = exact && ranked.length && ranked[0][0] === 0;
  return ranked.filter(([place]) => !only || place === 0).map(([, door]) => door);
}
