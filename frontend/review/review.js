// Looking at unsure addresses one by one: pick a candidate, move the pin or type coordinates. Confirmed pins
// are saved as a csv file.
/** @import { Candidate, Place, Review, SavedPin } from "./types.js" */
import "../lib/older.js";
import { isoDate } from "../lib/clock.js";
import { all, auto, byId, data, element, one } from "../lib/dom.js";
import { download } from "../lib/hand_out.js";
import { addBaseMap } from "../lib/map/basemap.js";
import { sign } from "../lib/map/signs.js";
import { streetMap } from "../lib/map/street_map.js";
import { fill, plain } from "../lib/text.js";
import { isNear, readPair } from "./coordinates.js";
import { csv } from "./csv.js";

const LETTERS = "ABCDEFGH";
const METRE = 1 / 111320; // degrees
const NUDGE_M = { plain: 2, shift: 20 };
/** @type {Record<string, [number, number]>} north and east */
const ARROWS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
const SHOWN_HITS = 12;
const NAMES = { fromZoom: 16.5, most: 250 };
const PICTURE =
  '<svg viewBox="0 0 30 42" aria-hidden="true"><path d="M15 41C15 41 28 24.500 28 15A13 13 0 0 0 2 15C2 24.500 15 41 15 41Z" fill="#00497a" stroke="#fff" stroke-width="2"/><circle cx="15" cy="15" r="5" fill="#fff"/></svg>';

/** @type {Review} */
const review = data("review-data");
const { rows, words, bounds } = review;
const buttons = all("#rows button");
const card = byId("card"),
  hits = byId("hits");
const [where, who, sought] = ["where", "who", "sought"].map(
  (id) => /** @type {HTMLInputElement} */ (byId(id)),
);
const datum = /** @type {HTMLSelectElement | null} */ (document.getElementById("datum"));
/** @type {HTMLButtonElement} */
const saveButton = byId("save");
/** What is saved of each row. @type {Map<number, SavedPin>} */
const confirmed = new Map();
let current = 0,
  unsaved = false;
let sure = false; // whether the pin is at a door, or was moved by hand

const map = streetMap("map", { zoomSnap: 0.5, center: [0, 0], zoom: 2 });
if (document.getElementById("map-data")) addBaseMap(map);
const signs = L.layerGroup().addTo(map);
const icon = L.divIcon({ className: "pin", html: PICTURE, iconSize: [30, 42], iconAnchor: [15, 41] });
const pin = L.marker([0, 0], {
  draggable: true,
  keyboard: true,
  autoPan: true,
  zIndexOffset: 1000,
  title: words.pin,
  alt: words.pin,
  icon,
});
pin.on("drag", () => put(pin.getLatLng(), { moved: true }));
map.on("click", ({ latlng }) => put(latlng, { moved: true }));
pin.on("add", () => pin.getElement()?.addEventListener("keydown", nudge));

/** @param {KeyboardEvent} event */
function nudge(event) {
  const arrow = ARROWS[event.key];
  if (!arrow) {
    if (event.key === "Enter") confirm();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const step = METRE * (event.shiftKey ? NUDGE_M.shift : NUDGE_M.plain),
    [up, right] = arrow;
  const { lat, lng } = pin.getLatLng();
  put(L.latLng(lat + up * step, lng + (right * step) / Math.cos((lat * Math.PI) / 180)), { moved: true });
  map.panInside(pin.getLatLng(), { padding: [60, 60], animate: false });
}

/** Return the boxes of the candidates. @returns {HTMLInputElement[]} */
const boxes = () => all("[name=candidate]", card);

/**
 * Set the pin.
 * @param {L.LatLng} latlng
 * @param {{ moved?: boolean, typed?: boolean }} how by hand or by typing; neither: by a candidate
 */
function put(latlng, { moved = false, typed = false }) {
  sure = moved || typed;
  pin.setLatLng(latlng).addTo(map);
  if (moved && datum) datum.value = "wgs84";
  if (!typed) where.value = `${latlng.lat.toFixed(6)}, ${latlng.lng.toFixed(6)}`;
  if (sure) for (const box of boxes()) box.checked = false;
  hint("");
}

/** @param {string} text */
function hint(text) {
  byId("hint").textContent = text;
}

const pair = () => readPair(where.value, bounds);

function typedPlace() {
  const found = pair();
  return found && L.latLng(Number(found[0]), Number(found[1]));
}

where.addEventListener("input", () => {
  const latlng = typedPlace(),
    found = pair();
  if (!latlng || !found) return;
  put(latlng, { typed: true });
  map.setView(latlng, Math.max(map.getZoom(), 17), { animate: false });
  if (!isNear(found, bounds)) hint(words.far);
  else if (datum && datum.value !== "wgs84") hint(words.other_datum);
});
datum?.addEventListener("change", () => {
  sure = Boolean(typedPlace());
  hint(datum.value === "wgs84" ? "" : words.other_datum);
});

/**
 * @param {Candidate} candidate
 * @param {number} at
 */
function choice(candidate, at) {
  const label = element("label", "choice"),
    box = label.appendChild(element("input"));
  Object.assign(box, { type: "radio", name: "candidate", value: String(at) });
  const text = auto(element("span", "", candidate.label));
  text.append(element("small", "", candidate.what));
  label.append(element("span", "letter", LETTERS[at]), text);
  box.addEventListener("change", () => pick(candidate));
  return label;
}

/** @param {Pick<Candidate, "at" | "door">} candidate */
function pick({ at, door }) {
  if (datum) datum.value = "wgs84";
  put(L.latLng(at), {});
  sure = door;
  if (!sure) hint(words.not_a_door);
  map.setView(at, Math.max(map.getZoom(), door ? 18 : 16.5), { animate: false });
}

/**
 * Show a row.
 * @param {number} at
 * @param {boolean} [focus]
 */
function show(at, focus) {
  current = at;
  const row = rows[at],
    kept = confirmed.get(at);
  buttons.forEach((button, i) => {
    if (i === at) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  buttons[at].scrollIntoView({ block: "nearest" });
  card.hidden = false;
  byId("number").textContent = one(buttons[at], "b").textContent;
  byId("address").textContent = row.address || row.building;
  byId("columns").textContent = row.address ? [row.building, row.unit].filter(Boolean).join(" ") : row.unit;
  byId("understood").textContent = row.meant || "-";
  byId("choices").replaceChildren(...row.candidates.map(choice));
  byId("no-choice").hidden = row.candidates.length > 0;
  byId("undo").hidden = !kept;
  signs.clearLayers();
  row.candidates.forEach((candidate, i) => {
    const marker = sign(candidate.at, "candidate", LETTERS[i], candidate.label).addTo(signs);
    marker.on("click", () => {
      boxes()[i].checked = true;
      pick(candidate);
    });
  });
  pin.remove();
  where.value = "";
  if (datum) datum.value = kept ? kept.datum : "wgs84";
  sure = false;
  hint("");
  const around = row.candidates.map((candidate) => candidate.at);
  if (kept) {
    put(L.latLng(Number(kept.lat), Number(kept.lon)), {});
    sure = true;
    map.setView(pin.getLatLng(), 18, { animate: false });
  } else if (around.length) {
    map.fitBounds(L.latLngBounds(around), { padding: [60, 60], maxZoom: 18, animate: false });
  } else if (bounds) map.fitBounds(bounds, { animate: false });
  if (focus) (boxes()[0] || where).focus({ preventScroll: true });
}

function confirm() {
  const found = pair();
  if (!found) {
    hint(where.value.trim() ? words.off_earth : words.pick);
    return;
  }
  if (!sure) {
    hint(words.not_a_door);
    return;
  }
  const [lat, lon] = found,
    { address, building, unit, understood } = rows[current];
  confirmed.set(current, {
    address,
    building,
    unit,
    lon,
    lat,
    datum: datum ? datum.value : "wgs84",
    who: who.value.trim(),
    when: isoDate(new Date()),
    understood,
  });
  unsaved = true;
  mark(current);
  next(1, true);
}

/** @param {number} at */
function mark(at) {
  const done = confirmed.has(at);
  buttons[at].classList.toggle("done", done);
  one(buttons[at], ".state").textContent = done ? words.done : words.open;
  const left = rows.length - confirmed.size;
  byId("left").textContent = left ? fill(words.left, { n: left }) : words.none_left;
  saveButton.disabled = !confirmed.size;
}

/**
 * Go to the next row (or the one before); with `open` to the next that is open, or to the save button where
 * none is.
 * @param {1 | -1} step
 * @param {boolean} [open]
 */
function next(step, open) {
  for (let i = 1; i <= rows.length; i++) {
    const at = (current + step * i + rows.length * i) % rows.length;
    if (open && confirmed.has(at)) continue;
    show(at, true);
    return;
  }
  show(current);
  saveButton.focus();
}

function save() {
  if (!confirmed.size) return;
  /** @param {SavedPin} pinned */
  const name = ({ address, building, unit }) => [address, building, unit].join("\n");
  const fresh = [...confirmed.values()].map((pinned) => ({ ...pinned, who: pinned.who || who.value.trim() }));
  const replaced = new Set(fresh.map(name));
  const pins = [...review.pins.filter((pinned) => !replaced.has(name(pinned))), ...fresh];
  download("pins.csv", csv(review.columns, pins, ["lon", "lat"]), "text/csv");
  unsaved = false;
  byId("told").textContent = words.saved;
}

/** @param {string} name */
const halfWidth = (name) => 4 + 4 * [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1.6 : 1), 0);

// The names of buildings, where there is room for them; numbers along streets are part of the ground.
const names = L.layerGroup().addTo(map);
function writeNames() {
  names.clearLayers();
  if (map.getZoom() < NAMES.fromZoom) return;
  const view = map.getBounds().pad(0.1);
  /** @type {{ x: number, y: number, half: number }[]} */
  const taken = [];
  for (const [label, short, lat, lon] of review.places) {
    if (!short || !view.contains([lat, lon])) continue;
    const { x, y } = map.latLngToContainerPoint([lat, lon]),
      half = halfWidth(short);
    if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 16))
      continue;
    taken.push({ x, y, half });
    const text = element("span", "", short);
    text.title = label;
    const box = L.divIcon({ className: "name", html: text, iconSize: [0, 0] });
    L.marker([lat, lon], { interactive: false, keyboard: false, icon: box }).addTo(names);
    if (taken.length >= NAMES.most) return;
  }
}
map.on("moveend", writeNames);

/** Show the rows and places of the map whose text has all words that are sought. */
function search() {
  const wanted = plain(sought.value.trim()).split(/\s+/).filter(Boolean);
  /** @param {string} text */
  const fits = (text) => wanted.every((word) => plain(text).includes(word));
  const items = buttons.map((button) => /** @type {HTMLElement} */ (button.parentElement));
  items.forEach((item, at) => {
    item.hidden = !fits([buttons[at].textContent, rows[at].address, rows[at].building].join(" "));
  });
  const found = wanted.length ? review.places.filter(([label]) => fits(label)) : [];
  found.sort(([a], [b]) => a.length - b.length);
  hits.replaceChildren(...found.slice(0, SHOWN_HITS).map(hit));
  const nothing = wanted.length && !found.length && items.every((item) => item.hidden);
  if (nothing) hits.append(element("li", "soft", words.no_hits));
}

/** @param {Place} place */
function hit([label, , lat, lon, door]) {
  const item = element("li"),
    button = item.appendChild(auto(element("button", "", label)));
  button.type = "button";
  button.addEventListener("click", () => {
    for (const box of boxes()) box.checked = false;
    pick({ at: [lat, lon], door: Boolean(door) });
  });
  return item;
}
sought.addEventListener("input", search);

buttons.forEach((button, at) => button.addEventListener("click", () => show(at, true)));
card.addEventListener("submit", (event) => {
  event.preventDefault();
  confirm();
});
byId("skip").addEventListener("click", () => next(1));
byId("undo").addEventListener("click", () => {
  confirmed.delete(current);
  unsaved = confirmed.size > 0;
  mark(current);
  show(current, true);
});
saveButton.addEventListener("click", save);
/** With Alt. @type {Record<string, () => void>} */
const KEYS = { KeyN: () => next(1), KeyP: () => next(-1), KeyS: save };
document.addEventListener("keydown", (event) => {
  const does = event.altKey && KEYS[event.code];
  if (!does) return;
  event.preventDefault();
  does();
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
show(0);
