// What the page of unsure addresses is made of; pages/review.py writes it.
import type { LatLngTuple } from "leaflet";
import type { Words } from "../lib/types.js";
import type { Bounds } from "./coordinates.js";

export interface Candidate {
  label: string;
  what: string;
  at: LatLngTuple;
  door: boolean;
}

export interface Row {
  address: string;
  building: string;
  unit: string;
  understood: string;
  meant: string;
  candidates: Candidate[];
}

/** A line of pins.csv. */
export type SavedPin = Record<
  "address" | "building" | "unit" | "lon" | "lat" | "datum" | "who" | "when",
  string
> & { understood?: string };

/** A place of the map: full name, sign on the map, latitude, longitude, whether it is a door. */
export type Place = [string, string, number, number, number];

export interface Review {
  rows: Row[];
  words: Words;
  pins: SavedPin[];
  columns: string[];
  places: Place[];
  bounds: Bounds | null;
}
