// A door in words: what a pop-up on the map shows of it.
/** @import { Words } from "../lib/types.js" */
/** @import { AnyDoor, Secret } from "./types.js" */
import { clock, duration } from "../lib/clock.js";
import { auto, element } from "../lib/dom.js";
import { fill } from "../lib/text.js";

/**
 * Return what a telephone number shows, as a link where it can be dialled.
 * @param {[string, string]} phone
 */
export const dial = ([shown, href]) => [
  " ",
  href ? Object.assign(element("a", "", shown), { href, dir: "ltr" }) : element("span", "", shown),
];

/**
 * Return an address and the names behind it in one line.
 * @param {Secret["visits"][string]} visit
 */
export const addressLine = ({ address, people }) =>
  [address, ...people.map(([, , name]) => name)].filter(Boolean).join(" · ");

/**
 * Return all that is known of a door; whose it is only where the names are shown.
 * @param {AnyDoor} stop
 * @param {string} title
 * @param {Words} words
 * @param {Secret | null} secret
 */
export function doorCard(stop, title, words, secret) {
  const section = element("section", "door");
  const people = fill(words.people, { n: stop.people });
  section.append(auto(element("h3", "", title)), auto(element("p", "soft", `${stop.visit} · ${people}`)));
  const visit = secret && secret.visits[stop.visit];
  if (visit) {
    section.append(auto(element("p", "where", visit.address)));
    if (visit.way.length) section.append(auto(element("p", "soft", visit.way.join(" · "))));
  }
  const facts = section.appendChild(element("dl"));
  /**
   * @param {string} key
   * @param {string} value
   */
  const fact = (key, value) => {
    if (value) facts.append(element("dt", "", words[key]), auto(element("dd", "", value)));
  };
  if (stop.team !== null) {
    fact("arrive", clock(stop.from_s));
    fact("wait", stop.wait_s >= 60 ? duration(stop.wait_s) : "");
    fact("begin", clock(stop.begin_s));
    fact("leave", clock(stop.to_s));
  }
  fact("windows", stop.windows);
  fact("row", stop.rows.join(", "));
  if (!secret || !visit) {
    fact("id", stop.ids.join(", "));
    return section;
  }
  fact("class", secret.classes[visit.class]);
  for (const [, id, person, count, phones, note] of visit.people) {
    const one = section.appendChild(auto(element("p", "person")));
    one.append(element("b", "", person || id), count > 1 ? ` × ${count}` : "");
    one.append(person ? element("span", "soft", ` ${id}`) : "", ...phones.flatMap(dial));
    if (note) one.append(auto(element("span", "note", note)));
  }
  return section;
}
