// What the planner's page is made of; pages/counts.py writes it.
import type { LatLngTuple } from "leaflet";
import type { Depot, PinData, RouteData, Words } from "../lib/types.js";

export interface CountRoute extends RouteData<PinData & { visit: string }> {
  told: string;
}

/** The plan of one number of teams. */
export interface Count {
  teams: number;
  figures: string[];
  numbers: number[];
  depots: Depot[];
  routes: CountRoute[];
  left: { visit: string; at: LatLngTuple }[];
}

export interface CountsData {
  series: { name: string; rows: Count[] }[];
  words: Words;
}
