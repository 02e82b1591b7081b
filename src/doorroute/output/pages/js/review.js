// Looking at unsure addresses one by one: pick a candidate, move the pin or type coordinates; confirmed pins are saved as a csv file.
(() => {
  "use strict";
  const { element } = Doorroute;
  const review = Doorroute.data("review-data");
  const { rows, words } = review;
  const find = (id) => document.getElementById(id);
  const LETTERS = "ABCDEFGH";
  const METRE = 1 / 111320;
  const NEAR = 0.3; // degrees around the map in which a typed place is no surprise
  const buttons = [...document.querySelectorAll("#rows button")];
  const card = find("card"), where = find("where"), datum = find("datum"), who = find("who");
  const confirmed = new Map(); // row -> what is saved of it
  let current = 0, sure = false, unsaved = false;

  const map = L.map("map", { zoomSnap: 0.5, maxZoom: 20, fadeAnimation: false, center: [0, 0], zoom: 2 });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  if (find("map-data")) {
    const ground = Doorroute.baseMap(Doorroute.data("map-data"), Doorroute.PALETTES[Doorroute.scheme()]).addTo(map);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => ground.setPalette(Doorroute.PALETTES[Doorroute.scheme()]));
  }
  const signs = L.layerGroup().addTo(map);
  const picture = '<svg viewBox="0 0 30 42" aria-hidden="true"><path d="M15 41C15 41 28 24.500 28 15A13 13 0 0 0 2 15C2 24.500 15 41 15 41Z" fill="#00497a" stroke="#fff" stroke-width="2"/><circle cx="15" cy="15" r="5" fill="#fff"/></svg>';
  const pin = L.marker([0, 0], {
    draggable: true, keyboard: true, autoPan: true, zIndexOffset: 1000, title: words.pin, alt: words.pin,
    icon: L.divIcon({ className: "pin", html: picture, iconSize: [30, 42], iconAnchor: [15, 41] }),
  });
  pin.on("drag", () => put(pin.getLatLng(), { moved: true }));
  map.on("click", ({ latlng }) => put(latlng, { moved: true }));
  pin.on("add", () => pin.getElement().addEventListener("keydown", nudge));

  function nudge(event) {
    const [up, right] = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] || [];
    if (up === undefined) {
      if (event.key === "Enter") confirm();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const step = METRE * (event.shiftKey ? 20 : 2);
    const { lat, lng } = pin.getLatLng();
    put(L.latLng(lat + up * step, lng + (right * step) / Math.cos((lat * Math.PI) / 180)), { moved: true });
    map.panInside(pin.getLatLng(), { padding: [60, 60], animate: false });
  }

  // Set the pin; `sure` tells whether it stands at a door, or was moved by hand.
  function put(latlng, { moved, typed }) {
    sure = moved || typed;
    pin.setLatLng(latlng).addTo(map);
    if (moved && datum) datum.value = "wgs84";
    if (!typed) where.value = `${latlng.lat.toFixed(6)}, ${latlng.lng.toFixed(6)}`;
    if (moved || typed) for (const box of card.querySelectorAll("[name=candidate]")) box.checked = false;
    hint("");
  }

  function hint(text) {
    find("hint").textContent = text;
  }

  // What was typed as [lat, lon], as texts. Amap and Baidu copy the longitude first: the order is told by what can be a latitude, then by the map.
  function pair() {
    const parts = where.value.trim().split(/[\s,;\uff0c\uff1b\u3001]+/);
    if (parts.length !== 2 || !parts.every((part) => /^[+-]?\d{1,3}(\.\d+)?$/.test(part))) return null;
    const orders = [parts, [parts[1], parts[0]]].filter(([lat, lon]) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180);
    return orders.find(near) || orders[0] || null;
  }

  function near([lat, lon]) {
    if (!review.bounds) return true;
    const [[south, west], [north, east]] = review.bounds;
    return lat > south - NEAR && lat < north + NEAR && lon > west - NEAR && lon < east + NEAR;
  }

  function typed() {
    const found = pair();
    return found && L.latLng(Number(found[0]), Number(found[1]));
  }

  where.addEventListener("input", () => {
    const latlng = typed();
    if (!latlng) return;
    put(latlng, { typed: true });
    map.setView(latlng, Math.max(map.getZoom(), 17), { animate: false });
    if (!near(pair())) hint(words.far);
    else if (datum && datum.value !== "wgs84") hint(words.other_datum);
  });
  if (datum) datum.addEventListener("change", () => { sure = Boolean(typed()); hint(datum.value === "wgs84" ? "" : words.other_datum); });

  function choice(candidate, at) {
    const label = element("label", "choice");
    const box = label.appendChild(Object.assign(document.createElement("input"), { type: "radio", name: "candidate", value: String(at) }));
    label.appendChild(element("span", "letter", LETTERS[at]));
    const text = label.appendChild(element("span", "", candidate.label));
    text.dir = "auto";
    text.appendChild(element("small", "", candidate.what));
    box.addEventListener("change", () => pick(candidate));
    return label;
  }

  function pick(candidate) {
    if (datum) datum.value = "wgs84";
    put(L.latLng(candidate.at), {});
    sure = candidate.door;
    if (!sure) hint(words.not_a_door);
    map.setView(candidate.at, Math.max(map.getZoom(), candidate.door ? 18 : 16.5), { animate: false });
  }

  function show(at, focus) {
    current = at;
    const row = rows[at], kept = confirmed.get(at);
    buttons.forEach((button, i) => (i === at ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current")));
    buttons[at].scrollIntoView({ block: "nearest" });
    card.hidden = false;
    find("number").textContent = buttons[at].querySelector("b").textContent;
    find("address").textContent = row.address || row.building;
    find("columns").textContent = row.address ? [row.building, row.unit].filter(Boolean).join(" ") : row.unit;
    find("understood").textContent = row.meant || "-";
    find("choices").replaceChildren(...row.candidates.map(choice));
    find("no-choice").hidden = row.candidates.length > 0;
    find("undo").hidden = !kept;
    signs.clearLayers();
    row.candidates.forEach((candidate, i) => {
      const icon = L.divIcon({ className: "", html: `<span class="sign sign-candidate">${LETTERS[i]}</span>`, iconSize: [26, 26] });
      L.marker(candidate.at, { icon, keyboard: false, title: candidate.label }).addTo(signs).on("click", () => {
        card.querySelectorAll("[name=candidate]")[i].checked = true;
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
    } else if (around.length) map.fitBounds(around, { padding: [60, 60], maxZoom: 18, animate: false });
    else if (review.bounds) map.fitBounds(review.bounds, { animate: false });
    if (focus) (card.querySelector("[name=candidate]") || where).focus({ preventScroll: true });
  }

  function confirm() {
    const latlng = typed();
    if (!latlng) return hint(where.value.trim() ? words.off_earth : words.pick);
    if (!sure) return hint(words.not_a_door);
    const row = rows[current];
    const [lat, lon] = pair();
    const now = new Date();
    const when = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    const { address, building, unit, understood } = row;
    confirmed.set(current, { address, building, unit, lon, lat, datum: datum ? datum.value : "wgs84", who: who.value.trim(), when, understood });
    unsaved = true;
    mark(current);
    next(1, true);
  }

  function mark(at) {
    const done = confirmed.has(at);
    buttons[at].classList.toggle("done", done);
    buttons[at].querySelector(".state").textContent = done ? words.done : words.open;
    const left = rows.length - confirmed.size;
    find("left").textContent = left ? words.left.replace("{n}", left) : words.none_left;
    find("save").disabled = !confirmed.size;
  }

  // Go to the next row (or the one before); with `open` to the next that is open, or to the save button where none is.
  function next(step, open) {
    for (let i = 1; i <= rows.length; i++) {
      const at = (current + step * i + rows.length * i) % rows.length;
      if (!open || !confirmed.has(at)) return show(at, true);
    }
    show(current);
    find("save").focus();
  }

  // A cell as spreadsheets read it: never a formula, quoted where it must be. The same as `harmless` in geocode/pins.py.
  function cell(text, isNumber) {
    const value = String(text || "");
    const harmless = !isNumber && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
  }

  function save() {
    if (!confirmed.size) return;
    const name = (pinned) => [pinned.address, pinned.building, pinned.unit].join("\n");
    const fresh = [...confirmed.values()].map((pinned) => ({ ...pinned, who: pinned.who || who.value.trim() }));
    const replaced = new Set(fresh.map(name));
    const all = [...review.pins.filter((pinned) => !replaced.has(name(pinned))), ...fresh];
    const lines = [review.columns, ...all.map((pinned) => review.columns.map((column) => cell(pinned[column], column === "lon" || column === "lat")))];
    const blob = new Blob([`\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`], { type: "text/csv" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "pins.csv" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    unsaved = false;
    find("told").textContent = words.saved;
  }

  // The names of buildings, where there is room for them; numbers along streets are part of the ground.
  const names = L.layerGroup().addTo(map);
  function writeNames() {
    names.clearLayers();
    if (map.getZoom() < 16.5) return;
    const view = map.getBounds().pad(0.1), taken = [];
    for (const [label, sign, lat, lon] of review.places) {
      if (!sign || !view.contains([lat, lon])) continue;
      const { x, y } = map.latLngToContainerPoint([lat, lon]), half = 4 + 4 * [...sign].reduce((sum, letter) => sum + (letter > "\u2e80" ? 1.6 : 1), 0);
      if (taken.some((other) => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 16)) continue;
      taken.push({ x, y, half });
      const text = element("span", "", sign);
      text.title = label;
      L.marker([lat, lon], { interactive: false, keyboard: false, icon: L.divIcon({ className: "name", html: text, iconSize: [0, 0] }) }).addTo(names);
      if (taken.length >= 250) return;
    }
  }
  map.on("moveend", writeNames);

  // Rows and places of the map whose text has all words that are sought.
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const sought = find("sought"), hits = find("hits");
  const SHOWN = 12;
  function search() {
    const asked = plain(sought.value.trim()).split(/\s+/).filter(Boolean);
    const fits = (text) => asked.every((word) => plain(text).includes(word));
    buttons.forEach((button, at) => (button.parentElement.hidden = !fits([button.textContent, rows[at].address, rows[at].building].join(" "))));
    const length = ([label]) => label.length;
    const found = asked.length ? review.places.filter(([label]) => fits(label)).sort((a, b) => length(a) - length(b)).slice(0, SHOWN) : [];
    hits.replaceChildren(...found.map(hit));
    if (asked.length && !found.length && buttons.every((button) => button.parentElement.hidden)) hits.append(element("li", "soft", words.no_hits));
  }

  function hit([label, , lat, lon, door]) {
    const item = element("li"), button = item.appendChild(element("button", "", label));
    button.type = "button";
    button.dir = "auto";
    button.addEventListener("click", () => {
      for (const box of card.querySelectorAll("[name=candidate]")) box.checked = false;
      pick({ at: [lat, lon], door: Boolean(door) });
    });
    return item;
  }
  sought.addEventListener("input", search);

  buttons.forEach((button, at) => button.addEventListener("click", () => show(at, true)));
  card.addEventListener("submit", (event) => { event.preventDefault(); confirm(); });
  find("skip").addEventListener("click", () => next(1));
  find("undo").addEventListener("click", () => { confirmed.delete(current); unsaved = confirmed.size > 0; mark(current); show(current, true); });
  find("save").addEventListener("click", save);
  document.addEventListener("keydown", (event) => {
    const does = event.altKey && { KeyN: () => next(1), KeyP: () => next(-1), KeyS: save }[event.code];
    if (!does) return;
    event.preventDefault();
    does();
  });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  show(0);
})();
