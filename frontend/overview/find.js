// Looking for doors: by id, row and, when they are shown, by name, address and telephone; narrowed by team,
// window and class.
/** @import { Words } from "../lib/types.js" */
/** @import { AnyDoor, Secret } from "./types.js" */
/** @import { Keys } from "./rank.js" */
import { clock } from "../lib/clock.js";
import { auto, byId, element } from "../lib/dom.js";
import { fill } from "../lib/text.js";
import { best, keysOf, queryOf, rank } from "./rank.js";

const SHOWN = 50;
const MANY = 3000; // doors: the search waits longer for the next letter
const WAIT_MS = { few: 60, many: 200 };

/** @type {Record<string, (windows: string) => boolean>} */
const WINDOWS = { "": () => true, any: (windows) => windows !== "", none: (windows) => windows === "" };

/**
 * Search among `doors`; return the function that is to be called when names are shown, or hidden (null).
 * @param {AnyDoor[]} doors
 * @param {Words} words
 * @param {object} listener
 * @param {(found: AnyDoor[] | null) => void} listener.onFound called with what fits, null: no search
 * @param {(door: AnyDoor) => void} listener.onPick called with the door that was chosen
 */
export function addFinder(doors, words, { onFound, onPick }) {
  /** @type {HTMLInputElement} */
  const sought = byId("sought");
  const [byTeam, byWindow, byClass] = ["by-team", "by-window", "by-class"].map(
    (id) => /** @type {HTMLSelectElement} */ (byId(id)),
  );
  /** @type {HTMLFormElement} */
  const form = byId("find");
  /** @type {Secret | null} */
  let secret = null;
  /** @type {AnyDoor[] | null} */
  let found = null;
  let waiting = 0;
  /** @type {Map<AnyDoor, Keys>} */
  const keys = new Map();

  /** @param {AnyDoor} door */
  function cachedKeys(door) {
    const made = keys.get(door) || keysOf(door, secret);
    keys.set(door, made);
    return made;
  }

  /** @param {AnyDoor} door */
  function fitsFilters(door) {
    const team = byTeam.value,
      window = byWindow.value,
      kind = byClass.value;
    if (team && team !== (door.team === null ? "none" : String(door.team))) return false;
    if (!(WINDOWS[window] ? WINDOWS[window](door.windows) : `=${door.windows}` === window)) return false;
    return !(kind && secret && secret.visits[door.visit].class !== kind);
  }

  function search() {
    clearTimeout(waiting);
    const query = queryOf(sought.value);
    const wanted = query.text || byTeam.value || byWindow.value || byClass.value;
    byId("find-off").hidden = !wanted;
    if (!wanted) {
      show(null);
      return;
    }
    show(best(doors.filter(fitsFilters), (door) => rank(cachedKeys(door), query), Boolean(query.text)));
  }

  /** @param {AnyDoor[] | null} fitting */
  function show(fitting) {
    found = fitting;
    const list = fitting || [];
    byId("found").textContent = fitting ? summary(list.length) : "";
    const hits = byId("hits");
    hits.replaceChildren(...list.slice(0, SHOWN).map(hit));
    if (list.length > SHOWN) hits.append(element("li", "soft", fill(words.more, { n: list.length - SHOWN })));
    onFound(fitting);
  }

  /** @param {number} n */
  function summary(n) {
    if (!n) return secret ? words.not_found : words.not_found_hidden;
    return n === 1 ? words.found_one : fill(words.found, { n });
  }

  /** @param {AnyDoor} door */
  function hit(door) {
    const item = element("li"),
      button = item.appendChild(element("button"));
    button.type = "button";
    const left = door.team === null;
    const where = left ? element("b", "nowhere", "!") : element("b", "", `${door.name} · ${door.number}`);
    const time = element("span", "", left ? "–" : clock(door.from_s));
    button.append(
      time,
      auto(where),
      auto(element("span", "", door.visit)),
      element("span", "soft", door.windows),
    );
    const visit = secret && secret.visits[door.visit];
    if (visit) {
      const people = visit.people
        .map(([, , name]) => name)
        .filter(Boolean)
        .join(", ");
      button.append(auto(element("span", "who", [visit.address, people].filter(Boolean).join(" · "))));
    }
    button.addEventListener("click", () => onPick(door));
    return item;
  }

  sought.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, doors.length > MANY ? WAIT_MS.many : WAIT_MS.few);
  });
  for (const filter of [byTeam, byWindow, byClass]) filter.addEventListener("change", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
    if (found && found.length) onPick(found[0]);
  });
  byId("find-off").addEventListener("click", () => {
    form.reset();
    search();
    sought.focus();
  });

  return (/** @type {Secret | null} */ shown) => {
    secret = shown;
    keys.clear();
    byClass.value = "";
    byClass.disabled = !secret;
    while (byClass.options.length > 1) byClass.remove(1);
    for (const [value, text] of Object.entries(secret ? secret.classes : {}))
      byClass.add(new Option(text, value));
    sought.placeholder = secret ? words.search_names : words.search;
    if (!secret) form.reset(); // what was typed may be a name
    search();
  };
}
