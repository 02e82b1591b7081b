// What the pages' data is made of; Python writes it (output/views and output/pages).
import type { LatLngTuple } from "leaflet";

export type Words = Record<string, string>;
export type Lang = string;
/** A text in every language. */
export type Said = Record<Lang, string | undefined>;

/** How a team is drawn. */
export interface Look {
  colour: string;
  ink: string;
  shape: string;
  dash: number[];
}

export interface PinData {
  label: string;
  at: LatLngTuple;
}

/** A pin; `stops` are the numbers of its stops. */
export interface StopsPin extends PinData {
  stops: number[];
}

/** A route; `line` holds steps of 1e-5 degrees, latitude and longitude in turn. */
export interface RouteData<P extends PinData = StopsPin> extends Look {
  name: string;
  line: number[];
  pins: P[];
}

export interface Depot {
  name: string;
  at: LatLngTuple;
  lab?: boolean;
}

/** What is closed today: each shape with the number of its dimensions. */
export interface ClosedData {
  word: string;
  shapes: [number, LatLngTuple[]][];
}

/** The base map: base64 of gzip (`data`), or the bytes themselves. */
export interface PackedMap {
  origin: [number, number];
  unit: number;
  note?: string;
  data?: string;
  bytes?: Uint8Array;
}

/** A mark that replaces a pin's number and its team's colour. */
export interface PinMark {
  label?: string;
  colour?: string;
  ink?: string;
  ring?: string | null;
}

export type State = "plain" | "front" | "faded";
