// The panel of one door: where it is, whom to sample and how, and the buttons that mark it.
/** @import { Door, Mark } from "./types.js" */
/** @import { Phone } from "./phone.js" */
import { clock } from "../lib/clock.js";
import { element } from "../lib/dom.js";
import { changeTags } from "./changes.js";
import { navigate, note } from "./dialogs.js";
import { AWAY, DONE, PARTLY, REFUSED, STATUS } from "./marks.js";
import { autoText, button, icon, link } from "./widgets.js";

/**
 * Return a door's number in the team's colour, or the icon of its mark.
 * @param {Phone} phone
 * @param {number} index
 */
export function badge(phone, index) {
  const { status } = phone.markOf(index);
  const made = element("b", `badge ${STATUS[status]}`);
  if (status) made.append(icon(STATUS[status]));
  else made.textContent = String(phone.doors[index].number);
  if (!status) made.style.borderColor = phone.route.colour;
  return made;
}

/**
 * Return a team's own note at a door.
 * @param {Mark} mark
 */
export const ownNote = (mark) => (mark.note ? [autoText("p", "note own", mark.note)] : []);

/**
 * Draw the panel of the door that the phone is at.
 * @param {Phone} phone
 */
export function doorPanel(phone) {
  if (phone.at < 0) {
    return [
      element("h2", "finished", phone.word("all_marked")),
      element("p", "", phone.word("all_marked_hint")),
      button("big fill", phone.word("send"), () => phone.show("send"), "send"),
    ];
  }
  const door = phone.doors[phone.at],
    mark = phone.markOf(phone.at);
  const by = phone.said(door.by);
  return [
    head(phone, door),
    ...result(phone, mark),
    facts(phone, door),
    protection(phone, door),
    people(phone, door, mark),
    ...ownNote(mark),
    ...(by ? [autoText("p", "by", by)] : []),
  ];
}

/**
 * @param {Phone} phone
 * @param {Door} door
 */
function head(phone, door) {
  const made = element("div", "head"),
    title = element("div");
  made.append(badge(phone, phone.at), title);
  title.append(autoText("h2", "", door.address));
  if (door.way.length) {
    const inside = title.appendChild(element("p", "way"));
    for (const part of door.way) inside.append(autoText("span", "", phone.said(part)));
  }
  return made;
}

/**
 * @param {Phone} phone
 * @param {Mark} mark
 */
function result(phone, mark) {
  if (!mark.status) return [];
  const name = STATUS[mark.status],
    row = element("p", `result ${name}`);
  row.append(icon(name), element("b", "", phone.word(name)), element("span", "", clock(mark.minute * 60)));
  return mark.known ? [row, element("p", "soft", phone.word("known"))] : [row];
}

/**
 * @param {Phone} phone
 * @param {Door} door
 */
function facts(phone, door) {
  const made = element("p", "facts");
  made.append(element("b", "time", door.time), ...changeTags(phone, door));
  if (door.windows) made.append(element("span", "only", phone.word("only", { hours: door.windows })));
  const metres = Math.round(phone.map ? phone.map.walk(phone.at) / 10 : 0) * 10;
  if (metres) made.append(element("span", "walk", phone.word("walk", { m: metres })));
  const n = door.people.reduce((sum, { count }) => sum + count, 0);
  made.append(element("span", "count", phone.word("to_sample", { n })));
  return made;
}

/**
 * @param {Phone} phone
 * @param {Door} door
 */
function protection(phone, door) {
  const worn = element("p", `class ${door.class}`);
  worn.append(element("b", "", phone.said(door.protection)));
  const instruction = phone.said(door.instruction);
  if (instruction) worn.append(" ", element("span", "", instruction));
  return worn;
}

/**
 * @param {Phone} phone
 * @param {Door} door
 * @param {Mark} mark
 */
function people(phone, door, mark) {
  const list = element("ul", "people");
  door.people.forEach((person, place) => {
    const row = list.appendChild(element("li"));
    const name = row.appendChild(autoText("p", "name", person.name));
    if (person.count > 1) name.append(element("span", "times", ` × ${person.count}`));
    if (person.note) row.append(autoText("p", "note", person.note));
    const parts = Object.keys(person.phones);
    const shown = parts.filter((part) => !person.phones[part]);
    if (person.phone && !parts.length) shown.push(person.phone);
    for (const part of shown) row.append(autoText("p", "soft", part));
    if (mark.known && mark.status === PARTLY) {
      name.append(element("span", "times", ` · ${phone.word(STATUS[mark.people[place]])}`));
    }
    if (door.people.length > 1 && !mark.known) row.append(choices(phone, mark, place, person.name));
  });
  return list;
}

/**
 * Return the buttons that mark one of several people.
 * @param {Phone} phone
 * @param {Mark} mark
 * @param {number} place
 * @param {string} name
 */
function choices(phone, mark, place, name) {
  const made = element("div", "choices");
  const chosen = mark.people[place] || (mark.status !== PARTLY && mark.status);
  for (const status of [DONE, AWAY, REFUSED]) {
    const one = button(`choice ${STATUS[status]}`, "", () => phone.person(place, status), STATUS[status]);
    one.setAttribute("aria-pressed", String(chosen === status));
    one.setAttribute("aria-label", `${name}: ${phone.word(STATUS[status])}`);
    made.append(one);
  }
  return made;
}

/**
 * Return the buttons that call and navigate: always in sight, however long the words above are.
 * @param {Phone} phone
 * @param {Door} door
 */
function pair(phone, door) {
  const row = element("div", "pair");
  const numbers = door.people.flatMap(({ name, phones }) =>
    Object.entries(phones)
      .filter(([, href]) => href)
      .map(([shown, href]) => ({ text: `${name} ${shown}`, href })),
  );
  const call = phone.word("call");
  if (numbers.length === 1) row.append(link("big line", call, numbers[0].href, "call"));
  if (numbers.length > 1) {
    const links = () => numbers.map(({ text, href }) => link("big line", text, href, "call"));
    row.append(button("big line", call, () => phone.choose(phone.word("phones"), links()), "call"));
  }
  row.append(button("big line", phone.word("navigate"), () => navigate(phone, door), "navigate"));
  return row;
}

/**
 * Return the buttons below the panel of a door.
 * @param {Phone} phone
 */
export function actions(phone) {
  if (phone.at < 0) return [];
  const index = phone.at,
    { status, known } = phone.markOf(index);
  const first = pair(phone, phone.doors[index]);
  const write = button("big line", phone.word("note"), () => note(phone), "note");
  if (status) {
    const next = phone.firstOpen(index + 1);
    const undo = () => phone.set(index, { status: 0, minute: 0, people: [] });
    const change = known ? [] : [button("big line", phone.word("undo"), undo), write];
    const on = () => (next < 0 ? phone.show("send") : phone.go(next));
    const label = phone.word(next < 0 ? "send" : "next");
    return [first, ...change, button("big fill wide", label, on, next < 0 ? "send" : "door")];
  }
  const marks = [DONE, AWAY, REFUSED].map((mark) => {
    const name = STATUS[mark];
    return button(`big ${name}`, phone.word(name), () => phone.finish(mark), name);
  });
  return [first, ...marks, write];
}
