// What was marked, sealed, in the phone's storage: written at each mark, joined door by door with what
// another window wrote. The later mark counts. Where storage is refused or full, the marks stay in this page.
/** @import { Mark, Page, Seen, Before, Vault } from "./types.js" */
import { fromBase64, toBase64 } from "../lib/bytes.js";

export const DONE = 1,
  AWAY = 2,
  REFUSED = 3,
  PARTLY = 4;
/** The names of the marks, as classes of the style sheet and keys of the words. */
export const STATUS = ["pending", "done", "away", "refused", "partly"];

/** @typedef {Record<number, Mark>} Marks by door */
/** @typedef {{ device: string, revision: number, marks: Marks }} Stored */

/** @type {Readonly<Mark>} */
export const OPEN = Object.freeze({ status: 0, minute: 0, people: [], note: "", at: 0 });

/**
 * Return the later of two marks of a door; with neither, the door is open.
 * @param {Mark | undefined} own
 * @param {Mark | undefined | null} known
 * @returns {Mark}
 */
export const later = (own = OPEN, known) => (known && !(own.at > known.at) ? known : own);

/**
 * Return the marks of both, of each door the later one.
 * @param {Marks} marks
 * @param {Marks} others
 * @returns {Marks}
 */
export function merged(marks, others) {
  const both = { ...marks };
  for (const [index, mark] of Object.entries(others)) {
    if (mark.at > (both[Number(index)] || OPEN).at) both[Number(index)] = mark;
  }
  return both;
}

/**
 * Return the marks of an earlier page by their door on this page.
 * @param {Marks} marks
 * @param {number[]} doors for each door of the earlier page which one it is now, -1 for none
 * @returns {Marks}
 */
export function moved(marks, doors) {
  /** @type {Marks} */
  const now = {};
  for (const [index, mark] of Object.entries(marks))
    if (doors[Number(index)] >= 0) now[doors[Number(index)]] = mark;
  return now;
}

/**
 * Return a mark that the plan knew when the page was made: it counts until the end of its minute.
 * @param {Seen | undefined} seen
 * @param {string} date of the plan
 * @returns {Mark | undefined}
 */
export const knownMark = (seen, date) =>
  seen && {
    ...seen,
    note: "",
    known: true,
    at: new Date(`${date}T00:00`).getTime() + seen.minute * 60000 + 59999,
  };

/**
 * Return the mark of a door from what became of each person behind it.
 * @param {number[]} each
 */
export function together(each) {
  const mixed = each.some((one) => one !== each[0]);
  return { status: mixed ? PARTLY : each[0], people: mixed ? each : [] };
}

/**
 * What the storage refused, by name. It outlives the lock, for the page may be opened again.
 * @type {Record<string, string>}
 */
let refused = {};

export class Progress {
  /**
   * @param {Page} page
   * @param {Uint8Array} key
   * @param {Vault} vault
   * @param {Before[]} [before]
   * @param {(Seen | undefined)[]} [seen]
   */
  constructor(page, key, vault, before = [], seen = []) {
    this.page = page;
    this.key = key;
    this.vault = vault;
    this.before = before;
    this.name = `doorroute/${page.route}`;
    this.kept = true; // whether the storage takes marks
    this.adopted = 0; // marks taken over from earlier pages
    this.known = seen.map((each) => knownMark(each, page.date));
    const device = crypto.getRandomValues(new Uint8Array(4));
    this.device = Array.from(device, (octet) => octet.toString(16).padStart(2, "0")).join("");
    this.revision = 0;
    /** @type {Marks} */
    this.marks = {};
    this.read();
    if (!this.adopt() && !this.revision) this.write();
  }

  /**
   * Take over what was marked on earlier pages of this route and is newer than what is known here. Return
   * whether there was any. As long as nothing was marked here, this page continues the earlier one's number:
   * both are one phone.
   */
  adopt() {
    let found = 0;
    const fresh = !this.revision;
    for (const { route, key, doors } of this.before) {
      const earlier = this.stored(`doorroute/${route}`, fromBase64(key), route);
      if (!earlier) continue;
      const { device, revision } = earlier;
      if (fresh && revision >= this.revision) Object.assign(this, { device, revision });
      for (const [index, mark] of Object.entries(moved(earlier.marks, doors))) {
        if (mark.at <= this.mark(Number(index)).at) continue;
        this.marks[Number(index)] = mark;
        found += 1;
      }
    }
    if (!found) return false;
    this.adopted += found;
    this.revision += 1;
    this.write();
    return true;
  }

  /**
   * Return what was marked here; only that is handed in.
   * @param {number} index
   * @returns {Mark}
   */
  own(index) {
    return this.marks[index] || OPEN;
  }

  /**
   * Return the later of what was marked here and what was known when the page was made.
   * @param {number} index
   */
  mark(index) {
    return later(this.own(index), this.known[index]);
  }

  /**
   * Change a mark and write it.
   * @param {number} index
   * @param {Partial<Mark>} changes
   */
  set(index, changes) {
    const before = this.mark(index);
    this.read();
    // never before what it replaces, whatever the clock does
    const at = Math.max(Date.now(), this.mark(index).at + 1);
    this.marks[index] = { ...before, ...changes, at };
    this.revision += 1;
    this.write();
  }

  /**
   * Open what is in the storage under a name; null where there is nothing, or nothing of ours.
   * @param {string} name
   * @param {Uint8Array} key
   * @param {string} route
   */
  stored(name, key, route) {
    try {
      return this.opened(localStorage.getItem(name), key, route);
    } catch {
      this.kept = false;
      return null;
    }
  }

  /**
   * @param {string | null | undefined} text
   * @param {Uint8Array} key
   * @param {string} route
   * @returns {Stored | null}
   */
  opened(text, key, route) {
    try {
      const plain = text && this.vault.unseal(fromBase64(text), key, this.page.purposes.progress, route);
      return plain ? JSON.parse(new TextDecoder().decode(plain)) : null;
    } catch {
      return null; // another program wrote there
    }
  }

  /**
   * Join with what is stored. A full storage still holds what was written before; what it refused is here.
   */
  read() {
    const { key, name } = this,
      { route } = this.page;
    for (const found of [this.stored(name, key, route), this.opened(refused[name], key, route)]) {
      if (!found) continue;
      this.device = found.device;
      this.revision = Math.max(this.revision, found.revision);
      this.marks = merged(this.marks, found.marks);
    }
  }

  write() {
    const { device, revision, marks } = this;
    const plain = new TextEncoder().encode(JSON.stringify({ device, revision, marks }));
    const text = toBase64(this.vault.seal(plain, this.key, this.page.purposes.progress, this.page.route));
    try {
      localStorage.setItem(this.name, text);
      this.kept = true;
      refused = {};
    } catch {
      this.kept = false;
      refused = { [this.name]: text };
    }
  }

  erase() {
    refused = {};
    try {
      localStorage.removeItem(this.name);
    } catch {
      // nothing was kept there
    }
  }
}
