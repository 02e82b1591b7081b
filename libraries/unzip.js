// DecompressionStream is missing in phones of 2022 and before; this works in all.
import { gunzipSync } from "fflate";

Object.assign((window.Doorroute = window.Doorroute || {}), { gunzip: gunzipSync });
