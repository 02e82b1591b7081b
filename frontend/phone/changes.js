// What changed since the page before: told once, and again from the menu.
/** @import { Door } from "./types.js" */
/** @import { Phone } from "./phone.js" */
import { element } from "../lib/dom.js";
import { autoText, button } from "./widgets.js";

/** @param {Phone} phone */
const name = ({ page }) => `doorroute/seen/${page.route}`;

/** @param {Phone} phone */
function understood(phone) {
  try {
    return localStorage.getItem(name(phone)) === phone.page.made;
  } catch {
    return false;
  }
}

/**
 * Show what changed; at the opening of the page only where there is anything that the team has not confirmed.
 * @param {Phone} phone
 * @param {boolean} [opening]
 */
export function changes(phone, opening = false) {
  const { adopted } = phone.progress;
  const takenOver = () => phone.word("taken_over", { n: adopted });
  if (opening && (!phone.route.changed || understood(phone))) {
    if (adopted) phone.toast(takenOver());
    return;
  }
  const content = groups(phone);
  if (!content.length) content.push(element("p", "", phone.word("changes_none")));
  if (adopted) content.push(element("p", "soft", takenOver()));
  if (opening) {
    content.push(
      button("big fill", phone.word("understood"), () => {
        phone.dialog.close();
        try {
          localStorage.setItem(name(phone), phone.page.made);
        } catch {
          // it is shown again, then
        }
      }),
    );
  }
  phone.choose(phone.word("changes"), content, !opening);
}

/**
 * @param {Phone} phone
 * @returns {HTMLElement[]}
 */
function groups(phone) {
  /** @param {Door} door */
  const expected = ({ time, was }) => (was ? `${time} (${phone.word("was", { time: was })})` : time);
  /** @param {Door["change"]} change */
  const now = (change) =>
    phone.doors
      .filter((door) => door.change === change)
      .map((door) => line(door.number, door.address, expected(door)));
  const gone = phone.route.gone.map(({ number, address, team }) =>
    line(number, address, team ? phone.word("gone_to", { team }) : phone.word("gone_nobody")),
  );
  /** @type {[string, HTMLElement[]][]} */
  const found = [
    ["now_new", now("new")],
    ["now_moved", now("moved")],
    ["now_gone", gone],
  ];
  return found
    .filter(([, lines]) => lines.length)
    .flatMap(([key, lines]) => {
      const list = element("ul", `changes ${key}`);
      list.append(...lines);
      return [element("h3", "", phone.word(key)), list];
    });
}

/**
 * @param {number} number
 * @param {string} address
 * @param {string} what
 */
function line(number, address, what) {
  const row = element("li");
  row.append(element("b", "", number), autoText("span", "", address), autoText("span", "soft", what));
  return row;
}

/**
 * Return the tags of a door that is new or moved, and when it was expected before.
 * @param {Phone} phone
 * @param {Door} door
 */
export const changeTags = (phone, { change, was }) => [
  ...(change ? [element("span", `tag ${change}`, phone.word(change))] : []),
  ...(was ? [element("span", "was", phone.word("was", { time: was }))] : []),
];
