// What a team sees and taps once its page is open: its state, and how marks change it. panels.js and
// dialogs.js draw. The lock runs this script when the code was right, and gets from it the function that
// opens the page.
/** @import { Between, Door, Mark, Opened } from "./types.js" */
import { byId, element } from "../lib/dom.js";
import { isoDate } from "../lib/clock.js";
import { following } from "../lib/languages.js";
import { fill } from "../lib/text.js";
import { changes } from "./changes.js";
import { menu } from "./dialogs.js";
import { AWAY, DONE, Progress, REFUSED, PARTLY, STATUS, together } from "./marks.js";
import { actions, doorPanel } from "./door.js";
import { listPanel } from "./list.js";
import { PhoneMap } from "./phone_map.js";
import { sendPanel } from "./send.js";
import { button, autoText, standIn } from "./widgets.js";

/** @typedef {"map" | "door" | "list" | "send"} Tab */

const TABS = /** @type {const} */ (["map", "door", "list", "send"]);
const LABELLED = /** @type {const} */ ([
  ["menu", "menu"],
  ["fit", "all"],
  ["here", "here"],
  ["map", "map"],
]);
const PANELS = { map: () => [], door: doorPanel, list: listPanel, send: sendPanel };
const TOAST_MS = 7000;
const NIGHT = { from_h: 24, to_h: 34 }; // when a route that goes on past midnight still counts as its day

/**
 * @param {Door | Between} step
 * @returns {step is Door}
 */
const isDoor = (step) => Boolean(step.number);

export class Phone {
  /** @param {Opened} opened */
  constructor({ page, look, route, mapBytes, keys, vault, onLock, older }) {
    this.page = page;
    this.look = look;
    this.route = route;
    this.keys = keys;
    this.vault = vault;
    this.onLock = onLock;
    this.older = older;
    /** @type {Tab} */
    this.tab = "door";
    /** @type {{ index: number, mark: Mark } | null} */
    this.before = null;
    this.part = 0;
    /** @type {Set<string>} */
    this.seen = new Set();
    /** @type {Uint8Array | null} */
    this.sealed = null;
    /** @type {(() => void) | null} */
    this.keepNote = null;
    this.hide = 0;
    /** @type {PhoneMap | null} */
    this.map = null;
    this.doors = route.steps.filter(isDoor);
    const known = this.doors.map(({ seen }) => seen);
    this.progress = new Progress(page, keys.results, vault, route.before, known);
    const template = /** @type {HTMLTemplateElement} */ (byId("app-template"));
    document.body.classList.add("unlocked");
    document.body.append(template.content.cloneNode(true));
    this.dialog = /** @type {HTMLDialogElement} */ (byId("dialog"));
    standIn(this.dialog);
    this.at = this.firstOpen(0);
    byId("lang").addEventListener("click", () => this.say(following(this.page.words, this.lang)));
    byId("menu").addEventListener("click", () => menu(this));
    byId("fit").addEventListener("click", () => this.map?.whole());
    byId("here").addEventListener("click", () =>
      this.map?.follow(() => this.toast(this.word("no_position"))),
    );
    this.show(this.at < 0 ? "send" : "door", true);
    this.map = new PhoneMap(byId("map"), route, this.doors, mapBytes, (index) => this.go(index));
    this.resized = () => this.map?.resized();
    this.resize = "ResizeObserver" in window ? new ResizeObserver(this.resized) : null;
    if (this.resize) this.resize.observe(byId("map"));
    else addEventListener("resize", this.resized);
    /** @param {StorageEvent} event */
    this.stored = (event) => {
      if (event.key === this.progress.name) this.progress.read();
      else if (!this.progress.adopt()) return;
      this.render();
    };
    addEventListener("storage", this.stored);
    this.render();
    changes(this, true);
  }

  /**
   * Note that a newer page was opened beside this one ("": no longer).
   * @param {string} older when the newer one was made
   */
  grow(older) {
    this.older = older;
    this.render();
  }

  get lang() {
    return this.look.lang;
  }

  /**
   * Return a sentence of the page in the chosen language.
   * @param {string} key
   * @param {Record<string, string | number>} [params]
   */
  word(key, params) {
    return fill(this.page.words[this.lang][key], params);
  }

  /**
   * Return a text of the route in the chosen language.
   * @param {Record<string, string | undefined> | undefined} text
   */
  said(text) {
    return (text && text[this.lang]) || "";
  }

  /** @param {number} index */
  markOf(index) {
    return this.progress.mark(index);
  }

  /**
   * Return the first door without a mark, looking on from one and around; -1: none.
   * @param {number} from
   */
  firstOpen(from) {
    for (let step = 0; step < this.doors.length; step++) {
      const index = (from + step) % this.doors.length;
      if (!this.markOf(index).status) return index;
    }
    return -1;
  }

  // -- moving about

  /**
   * @param {Tab} tab
   * @param {boolean} [quiet] whether to draw later
   */
  show(tab, quiet) {
    this.tab = tab;
    this.part = 0;
    this.sealed = null;
    document.body.dataset.tab = tab;
    if (quiet) return;
    byId("toast").hidden = true;
    this.render();
    byId("panel").scrollTop = 0;
    if (tab === "door") this.map?.look(this.at);
    if (tab === "map") requestAnimationFrame(() => this.map?.whole());
  }

  /** @param {number} index */
  go(index) {
    this.at = index;
    this.show("door");
  }

  /** @param {string} lang */
  say(lang) {
    this.look.set("lang", lang);
    byId("toast").hidden = true;
    this.render();
  }

  // -- marking

  /**
   * Change a door's mark; with `message`, show it and offer to undo.
   * @param {number} index
   * @param {Partial<Mark>} changed
   * @param {string} [message]
   */
  set(index, changed, message) {
    this.before = { index, mark: { ...this.markOf(index) } };
    this.progress.set(index, changed);
    if (message) this.toast(message, () => this.undo());
    this.render();
  }

  /**
   * Mark the door in sight and go on to the next open one; people who are marked apart keep their own mark.
   * @param {number} status
   */
  finish(status) {
    const index = this.at,
      { number, people } = this.doors[index];
    const own = this.markOf(index).people;
    const mark = { ...together(people.map((_, i) => own[i] || status)), minute: this.minuteNow() };
    const next = this.firstOpen(index + 1);
    this.at = next === index ? -1 : next;
    this.set(index, mark, `${number} · ${this.word(STATUS[mark.status])}`);
    byId("panel").scrollTop = 0;
  }

  /**
   * Mark one person, or take the same mark back; the door is done when all are marked.
   * @param {number} place
   * @param {number} status
   */
  person(place, status) {
    const index = this.at,
      own = this.markOf(index).people;
    const each = this.doors[index].people.map((_, i) => own[i] || 0);
    each[place] = each[place] === status ? 0 : status;
    const all = each.every(Boolean);
    this.set(index, {
      people: each,
      status: all ? together(each).status : 0,
      minute: all ? this.minuteNow() : 0,
    });
  }

  undo() {
    if (!this.before) return;
    const {
      index,
      mark: { status, minute, people, note },
    } = this.before;
    this.before = null;
    this.progress.set(index, { status, minute, people, note });
    this.at = index;
    this.show("door");
    this.toast(this.word("undone", { number: this.doors[index].number }));
  }

  // -- drawing

  render() {
    document.documentElement.lang = this.word("language_tag");
    this.header();
    const tabs = TABS.map((tab) => {
      const made = button("tab", this.word(tab), () => this.show(tab), tab);
      if (tab === this.tab) made.setAttribute("aria-current", "page");
      return made;
    });
    byId("tabs").replaceChildren(...tabs);
    this.warnings();
    const panel = byId("panel"),
      scrolled = panel.scrollTop;
    panel.replaceChildren(...PANELS[this.tab](this));
    panel.scrollTop = scrolled;
    byId("actions").replaceChildren(...(this.tab === "door" ? actions(this) : []));
    this.map?.show(this.at, (index) => this.markOf(index));
  }

  header() {
    const statuses = this.doors.map((_, index) => this.markOf(index).status);
    const done = statuses.filter(Boolean).length,
      all = this.doors.length;
    byId("team").textContent = this.route.team;
    byId("count").replaceChildren(element("b", "", `${done} / ${all}`), element("span", "", this.route.date));
    const next = this.page.words[following(this.page.words, this.lang)],
      lang = byId("lang");
    Object.assign(lang, { textContent: next.language_short, lang: next.language_tag });
    lang.ariaLabel = next.language;
    for (const [id, key] of LABELLED) byId(id).setAttribute("aria-label", this.word(key));
    const bar = byId("bar");
    bar.setAttribute("aria-label", this.word("progress", { done, all }));
    const parts = [DONE, PARTLY, AWAY, REFUSED].map((status) => {
      const part = element("i", STATUS[status]);
      part.style.flexGrow = String(statuses.filter((each) => each === status).length);
      return part;
    });
    const rest = element("i");
    rest.style.flexGrow = String(all - done);
    bar.replaceChildren(...parts, rest);
  }

  /**
   * Return whether it is the night after the day of a route that goes on past midnight.
   * @param {Date} now
   */
  afterMidnight(now) {
    const hours = (now.getTime() - new Date(`${this.route.date}T00:00`).getTime()) / 3600000;
    return this.route.next_day && hours >= NIGHT.from_h && hours < NIGHT.to_h;
  }

  minuteNow() {
    const now = new Date();
    return now.getHours() * 60 + now.getMinutes() + (this.afterMidnight(now) ? 1440 : 0);
  }

  warnings() {
    const texts = [];
    if (!this.progress.kept) texts.push(this.word("no_storage"));
    if (this.route.next_day) texts.push(this.word("next_day"));
    if (this.older) texts.push(this.word("old", { time: this.older }));
    const now = new Date(),
      date = isoDate(now),
      planned = this.route.date;
    const another = /^\d{4}-\d\d-\d\d$/.test(planned) && date !== planned && !this.afterMidnight(now);
    if (another) texts.push(this.word("clock", { date, planned }));
    const rows = texts
      .filter((text) => !this.seen.has(text))
      .map((text) => {
        const row = element("p", "", text);
        const close = row.appendChild(
          button("seen", "✕", () => {
            this.seen.add(text);
            this.render();
          }),
        );
        close.setAttribute("aria-label", this.word("close"));
        return row;
      });
    byId("notices").replaceChildren(...rows);
  }

  // -- above the page

  /**
   * Open a dialog.
   * @param {string} title
   * @param {HTMLElement[]} content
   * @param {boolean} [closes] whether it has a button that closes it
   */
  choose(title, content, closes = true) {
    const { dialog } = this;
    const close = closes ? [button("big line", this.word("close"), () => dialog.close())] : [];
    const heading = autoText("h2", "", title);
    // else a long dialog opens at its first button, scrolled past its text
    Object.assign(heading, { tabIndex: -1, autofocus: true });
    dialog.replaceChildren(heading, ...content, ...close);
    dialog.setAttribute("aria-label", title);
    if (!dialog.open) dialog.showModal();
  }

  /**
   * Show a message for a while, in place of any dialog.
   * @param {string} text
   * @param {() => void} [undo]
   */
  toast(text, undo) {
    const toast = byId("toast");
    if (this.dialog.open) this.dialog.close();
    toast.replaceChildren(element("b", "", text));
    if (undo) toast.append(button("", this.word("undo"), undo));
    toast.hidden = false;
    clearTimeout(this.hide);
    this.hide = setTimeout(() => {
      toast.hidden = true;
    }, TOAST_MS);
  }

  /** Close the page; the lock clears what is drawn. */
  close() {
    this.keepNote?.();
    removeEventListener("storage", this.stored);
    removeEventListener("resize", this.resized);
    clearTimeout(this.hide);
    this.resize?.disconnect();
    this.map?.remove();
    for (const key of Object.values(this.keys)) key.fill(0);
  }
}

/** @param {Opened} opened */
const open = (opened) => new Phone(opened);
document.dispatchEvent(new CustomEvent("doorroute-phone", { detail: open }));
