// What a team's page is made of; pages/phone.py writes it.
import type { LatLngTuple } from "leaflet";
import type { ClosedData, Depot, Lang, PackedMap, RouteData, Said, Words } from "../lib/types.js";
import type { Phone } from "./phone.js";

/** The part of the page that is not sealed. */
export interface Page {
  route: string;
  lang: Lang;
  team: string;
  date: string;
  doors: number;
  made: string;
  as_of: string;
  dispatcher: [string, string][];
  idle_min: number;
  purposes: { page: string; progress: string; results: string };
  words: Record<Lang, Words>;
}

export interface Person {
  name: string;
  count: number;
  note: string;
  phone: string;
  phones: Record<string, string>;
}

/** What was known of a door when the page was made. */
export interface Seen {
  status: number;
  minute: number;
  people: number[];
}

/** What became of a door: `at` is when it was marked, in ms since 1970; `known`: by the plan, not on this phone. */
export interface Mark extends Seen {
  note: string;
  at: number;
  known?: boolean;
}

export interface Door {
  number: number;
  time: string;
  leave: string;
  at: LatLngTuple;
  windows: string;
  by: Said;
  address: string;
  way: Said[];
  class: string;
  protection: Said;
  instruction: Said;
  people: Person[];
  links: { name: Said; href: string; on: string[] }[];
  change?: "new" | "moved";
  was?: string;
  seen?: Seen;
}

/** A line of the list between two doors: a break, a reload, the depot. */
export interface Between {
  number?: undefined;
  time: string;
  what: Said;
}

/** An earlier page of this team: `doors` says for each of its doors which one it is now, -1 for none. */
export interface Before {
  route: string;
  key: string;
  doors: number[];
}

/** The part of the page that is sealed. */
export interface Route extends RouteData {
  team: string;
  date: string;
  next_day: boolean;
  depots: Depot[];
  ends: number[];
  steps: (Door | Between)[];
  changed: boolean;
  gone: { number: number; address: string; team: string }[];
  before: Before[];
  map: PackedMap;
  closed: ClosedData;
  clear: string;
}

export interface Keys {
  page: Uint8Array;
  results: Uint8Array;
}

/** How the page looks, as the team chose it. */
export interface PageLook {
  lang: Lang;
  theme: string;
  size: string;
  set(name: "lang" | "theme" | "size", value: string): void;
}

/** Seals and opens bytes: lib/vault.js, which the lock already holds. */
export interface Vault {
  seal(plain: Uint8Array, key: Uint8Array, purpose: string, route: string): Uint8Array;
  unseal(sealed: Uint8Array, key: Uint8Array, purpose: string, route: string): Uint8Array;
}

/** What the lock hands to the packed script when the code was right. */
export interface Opened {
  page: Page;
  look: PageLook;
  route: Route;
  mapBytes: Uint8Array;
  keys: Keys;
  vault: Vault;
  onLock(why?: string): void;
  older: string;
}

export type PhoneMaker = (opened: Opened) => Phone;
