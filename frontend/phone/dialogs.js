// The dialogs above the page: menu, navigation, note.
/** @import { Door } from "./types.js" */
/** @import { Phone } from "./phone.js" */
import { element } from "../lib/dom.js";
import { copied } from "../lib/hand_out.js";
import { scheme } from "../lib/look.js";
import { changes } from "./changes.js";
import { button, link } from "./widgets.js";

const MOST_NOTE = 200; // letters
const { userAgent, maxTouchPoints } = navigator;
// An iPad says that it is a Mac; no Mac has a touch screen.
const tablet = /Macintosh/.test(userAgent) && maxTouchPoints > 1;
const apple = /iPhone|iPad|iPod|Macintosh.*Mobile/.test(userAgent) || tablet;
const SYSTEM = /Android/.test(userAgent) ? "android" : apple ? "ios" : "other";

/** @param {Phone} phone */
export function menu(phone) {
  const dark = scheme() === "dark",
    large = phone.look.size === "large";
  phone.choose(phone.word("menu"), [
    button("big line", phone.word(dark ? "light" : "dark"), () => {
      phone.look.set("theme", dark ? "light" : "dark");
      phone.map?.recolour((index) => phone.markOf(index));
      menu(phone);
    }),
    button("big line", phone.word(large ? "normal" : "large"), () => {
      phone.look.set("size", large ? "normal" : "large");
      menu(phone);
    }),
    ...(phone.route.changed ? [button("big line", phone.word("changes"), () => changes(phone))] : []),
    button("big line", phone.word("lock"), () => phone.onLock()),
    element("p", "soft", phone.word("private")),
    element("p", "soft", phone.word("credit")),
  ]);
}

/**
 * Copy a text and say whether that worked.
 * @param {Phone} phone
 * @param {string} text
 */
export const copy = async (phone, text) =>
  phone.toast(phone.word((await copied(text)) ? "copied" : "not_copied"));

/**
 * @param {Phone} phone
 * @param {Door} door
 */
export function navigate(phone, door) {
  const coordinates = [door.at[0], door.at[1]].map((part) => part.toFixed(5)).join(", ");
  const apps = door.links.filter(({ on }) => on.includes(SYSTEM));
  phone.choose(phone.word("navigate"), [
    element("p", "soft", phone.word("navigate_hint")),
    ...apps.map(({ name, href }) => link("big line", phone.said(name), href, "navigate")),
    button("big line", phone.word("copy_place"), () => copy(phone, coordinates)),
    element("p", "soft", `${coordinates} (WGS 84)`),
  ]);
}

/**
 * Let the team write a note at the door. However the dialog is left, what was typed is kept, and can be
 * undone.
 * @param {Phone} phone
 */
export function note(phone) {
  const index = phone.at,
    { number } = phone.doors[index];
  const text = element("textarea");
  Object.assign(text, { value: phone.markOf(index).note, maxLength: MOST_NOTE, rows: 3, dir: "auto" });
  text.setAttribute("aria-label", phone.word("note_hint"));
  const ready = element("div", "phrases");
  for (const key of ["note_1", "note_2", "note_3", "note_4"]) {
    ready.append(
      button("phrase", phone.word(key), () => {
        text.value = `${text.value} ${phone.word(key)}`.trim().slice(0, MOST_NOTE);
      }),
    );
  }
  const keep = button("big fill", phone.word("save"), () => phone.dialog.close());
  const hint = element("p", "soft", phone.word("note_hint"));
  phone.choose(phone.word("note_of", { number }), [hint, text, ready, keep]);
  phone.keepNote = () => {
    phone.keepNote = null;
    const written = text.value.trim();
    if (written !== phone.markOf(index).note) phone.set(index, { note: written }, phone.word("noted"));
  };
  phone.dialog.addEventListener("close", () => phone.keepNote?.(), { once: true });
}
