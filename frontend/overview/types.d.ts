// What the dispatcher's page is made of; pages/overview_data.py writes it.
import type { LatLngTuple } from "leaflet";
import type { ClosedData, Depot, RouteData, Words } from "../lib/types.js";

/** Window (its place in `windows`), rows of the sheet, ids of residents. */
type Whose = [number, number[], string[]];

/** Visit, people, arrival, waiting, begin and departure in seconds, and whose door it is. */
type PackedStop = [string, number, number, number, number, number, ...Whose];

/** A door that is on no route. */
export interface LeftDoor {
  team: null;
  visit: string;
  people: number;
  at: LatLngTuple;
  windows: string;
  rows: number[];
  ids: string[];
}

/** A stop; its times are seconds after midnight. */
export interface Stop {
  team: number;
  name: string;
  place: number;
  number: number;
  done: boolean;
  visit: string;
  people: number;
  from_s: number;
  wait_s: number;
  begin_s: number;
  to_s: number;
  windows: string;
  rows: number[];
  ids: string[];
}

export type AnyDoor = Stop | LeftDoor;

/** Kind, begin and end in seconds. */
type Pause = [string, number, number];

interface TeamData extends RouteData {
  ends: number[];
  start_s: number;
  finish_s: number;
  done: number;
  pauses: Pause[];
}

export interface Team extends TeamData {
  stops: Stop[];
}

interface Shared {
  route: string;
  purpose: string;
  depots: Depot[];
  windows: string[];
  closed: ClosedData;
  bound_s: number;
  told_s: number;
  words: Words;
  idle_min: number;
}

export interface PackedPlan extends Shared {
  teams: (TeamData & { stops: PackedStop[] })[];
  unassigned: [string, number, LatLngTuple, ...Whose][];
}

export interface Plan extends Shared {
  teams: Team[];
  unassigned: LeftDoor[];
}

/** What a telephone number shows and what it dials. */
type Phone = [string, string];

/** Row, id, name, how many people, telephones, note. */
type Person = [number, string, string, number, Phone[], string];

/** The names, sealed in the page. */
export interface Secret {
  classes: Record<string, string>;
  visits: Record<string, { address: string; way: string[]; class: string; people: Person[] }>;
  rows: Record<string, { address: string; candidates: string[] }>;
  reasons: Record<string, string[]>;
  teams: Record<string, [string, Phone[]]>;
}
