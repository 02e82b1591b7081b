// The dispatcher's page: the panel beside the map switches, lights up and finds what is on it.
/** @import { LatLngTuple } from "leaflet" */
/** @import { LeftDoor, Secret, Team } from "./types.js" */
import "../lib/older.js";
import { clock } from "../lib/clock.js";
import { all, auto, byId, data, element, one } from "../lib/dom.js";
import { addBaseMap } from "../lib/map/basemap.js";
import { addRoutes, boundsOf } from "../lib/map/routes.js";
import { addClosed, depotSign, sign } from "../lib/map/signs.js";
import { ShowAll, onFolium, printed, withScale } from "../lib/map/street_map.js";
import { fill } from "../lib/text.js";
import { Chart } from "./chart.js";
import { addressLine, dial, doorCard } from "./door.js";
import { addFinder } from "./find.js";
import { addNames } from "./names.js";
import { unpackPlan } from "./plan.js";
import { whereabouts } from "./whereabouts.js";

const MANY_TEAMS = 60; // names on the map would hide one another
const NEAR = 17; // zoom

/** @param {L.Map} map */
function overview(map) {
  const plan = unpackPlan(data("plan-data"));
  const { words } = plan;
  const rows = all(".team");
  const narrow = matchMedia("(max-width: 820px)");
  /** @type {number | null} */
  let front = null;
  /** @type {Set<unknown> | null} */
  let wanted = null;
  /** @type {Secret | null} */
  let secret = null;
  /** @type {number | null} */
  let now = null;
  /** @type {L.Marker | null} */
  let candidate = null;
  /** @type {Chart | null} */
  let chart = null;

  const showAllButton = document.getElementById("all");
  withScale(map);
  const { drawn, highlight, redraw } = addRoutes(map, plan.teams, {
    signs: [...plan.depots, ...plan.unassigned].map(({ at }) => at),
    onLine: (team) => choose(plan.teams.indexOf(team)),
    onPin: (team, pin, marker) => {
      const index = plan.teams.indexOf(team);
      choose(index, true);
      point(null);
      mark(index, pin.stops[0] - 1);
      tell(team, pin.stops, marker.getLatLng());
    },
  });
  // what has happened is no longer in the team's colour
  drawn.forEach(({ team, pins }) =>
    team.pins.forEach(({ stops }, place) => {
      const done = stops.every((number) => number <= team.done);
      if (done) pins[place].setMark({ label: "✓", colour: "#ffffff", ink: "#1c2430" });
    }),
  );
  addClosed(map, plan.closed);
  for (const { name, lab, at } of plan.depots) {
    const title = `${words.depot} ${name}${lab ? `: ${words.lab}` : ""}`;
    depotSign(at, title)
      .addTo(map)
      .bindPopup(element("div", "door", title));
  }
  for (const left of plan.unassigned) {
    const marker = sign(left.at, "left", "!", `${words.on_no_route}: ${left.visit}`).addTo(map);
    marker.on("click", () => tellLeft(left));
  }
  const everything = boundsOf(
    drawn,
    [...plan.depots, ...plan.unassigned].map(({ at }) => at),
  );
  /**
   * @param {L.LatLngBounds} bounds
   * @param {L.FitBoundsOptions} [options]
   */
  const fit = (bounds, options) => {
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [36, 36], maxZoom: 18, ...options });
  };
  function showAll() {
    choose(null);
    fit(everything);
  }
  map.addControl(new ShowAll(words.all, showAll));

  // -- teams

  /**
   * Bring one team to the front (null: none); choosing it twice lets go, unless `stay`.
   * @param {number | null} index
   * @param {boolean} [stay]
   */
  function choose(index, stay) {
    if (stay && index === front) return;
    const before = front;
    front = index === front && !stay ? null : index;
    if (front !== null) show(front, true);
    light();
    for (const i of [before, front]) {
      if (i === null) continue;
      const open = i === front;
      rows[i].classList.toggle("front", open);
      one(rows[i], ".row").setAttribute("aria-expanded", String(open));
      one(rows[i], ".inside").hidden = !open;
      if (open) listStops(rows[i], i);
    }
    if (showAllButton) showAllButton.hidden = front === null;
  }

  /** Show what is in front, or looked for, on the map and in the chart. */
  function light() {
    const sought = wanted;
    const pins =
      sought &&
      plan.teams.map(({ pins: own, stops }) =>
        own.map((pin) => pin.stops.some((number) => sought.has(stops[number - 1]))),
      );
    highlight(front, pins && ((team, pin) => pins[team][pin]));
    chart?.set({ front, wanted: front === null ? wanted : null });
  }

  /**
   * List a team's stops: of a large plan they are not in the page's text.
   * @param {HTMLElement} row
   * @param {number} index
   */
  function listStops(row, index) {
    const list = one(row, ".stops");
    if (!list.querySelector("[data-stop]")) {
      const items = plan.teams[index].stops.map(({ from_s, number, visit, windows, place }) => {
        const item = element("li"),
          button = item.appendChild(element("button"));
        button.type = "button";
        button.dataset.stop = String(place);
        button.append(element("span", "", clock(from_s)), element("b", "", number));
        button.append(auto(element("span", "", visit)), element("span", "soft", windows));
        return item;
      });
      /** @type {Element} */ (list.lastElementChild).before(...items);
    }
    nameTeam(row, index);
  }

  /**
   * @param {number} index
   * @param {number} place
   */
  function mark(index, place) {
    for (const old of all(".stops [aria-current]")) old.removeAttribute("aria-current");
    const button = one(rows[index], `[data-stop="${place}"]`);
    button.setAttribute("aria-current", "true");
    if (!narrow.matches) button.scrollIntoView({ block: "center" });
  }

  /**
   * @param {number} index
   * @param {boolean} on
   */
  function show(index, on) {
    /** @type {HTMLInputElement} */
    const box = one(rows[index], "input");
    box.checked = on;
    rows[index].classList.toggle("off", !on);
    const { line, layer } = drawn[index];
    if (on === map.hasLayer(line)) return;
    if (on) layer.addTo(map);
    else layer.remove();
  }

  // -- a door in words

  /**
   * @param {Team} team
   * @param {number[]} numbers of stops in one place
   * @param {L.LatLngExpression} at
   */
  function tell(team, numbers, at) {
    const box = element("div");
    for (const number of numbers) {
      const title = `${team.name} · ${fill(words.stop, { number })}`;
      box.append(doorCard(team.stops[number - 1], title, words, secret));
    }
    L.popup({ offset: [0, -6], maxHeight: 300, minWidth: 190 })
      .setLatLng(at)
      .setContent(box)
      .openOn(map);
  }

  /** @param {LeftDoor} left */
  function tellLeft(left) {
    const card = doorCard(left, words.on_no_route, words, secret);
    L.popup({ offset: [0, -6], maxHeight: 300 })
      .setLatLng(left.at)
      .setContent(card)
      .openOn(map);
  }

  /**
   * Mark a candidate on the map (null: none).
   * @param {LatLngTuple | null} at
   * @param {string} [letter]
   */
  function point(at, letter) {
    candidate?.remove();
    candidate = at && letter ? sign(at, "candidate", letter, letter).addTo(map) : null;
    if (!at) return;
    map.setView(at, Math.max(map.getZoom(), NEAR));
    toMap();
  }

  function toMap() {
    if (narrow.matches) scrollTo({ top: 0, behavior: "smooth" });
  }

  /**
   * @param {number} index
   * @param {number} place
   */
  function showStop(index, place) {
    const team = plan.teams[index];
    const pin = team.pins.findIndex(({ stops }) => stops.includes(place + 1));
    point(null);
    map.setView(team.pins[pin].at, Math.max(map.getZoom(), NEAR));
    mark(index, place);
    tell(team, [place + 1], drawn[index].pins[pin].getLatLng());
    toMap();
  }

  // -- search, and names

  const finder = addFinder([...plan.teams.flatMap(({ stops }) => stops), ...plan.unassigned], words, {
    onFound: (found) => {
      wanted = found && new Set(found);
      light();
    },
    onPick: (picked) => {
      if (picked.team === null) {
        point(picked.at, "!");
        tellLeft(picked);
        return;
      }
      choose(picked.team, true);
      showStop(picked.team, picked.place);
    },
  });
  addNames(plan, (shown) => {
    secret = shown;
    map.closePopup();
    for (const old of all(".told")) old.remove();
    finder(secret);
    for (const hint of all("[data-sealed]")) hint.hidden = Boolean(secret);
    if (front !== null) nameTeam(rows[front], front);
    if (secret) nameCards(secret);
  });

  /** @param {Secret} secret */
  function nameCards({ visits, reasons, rows: addresses }) {
    for (const card of all("[data-visit]")) {
      const id = card.dataset.visit || "",
        reason = reasons[id] || [];
      card.append(...reason.map((text, i) => told("p", text, ["why", "remedy", "code"][i])));
      card.firstElementChild?.after(told("p", addressLine(visits[id])));
    }
    for (const card of all("[data-row]")) {
      const { address, candidates } = addresses[card.dataset.row || ""];
      card.firstElementChild?.after(told("p", address));
      all("[data-letter]", card).forEach((button, i) => button.append(told("span", candidates[i])));
    }
  }

  /**
   * Return a text that goes away when the names are hidden.
   * @param {"p" | "span"} tag
   * @param {string} text
   * @param {string} [kind]
   */
  function told(tag, text, kind = "") {
    return auto(element(tag, `told ${kind}`.trim(), text));
  }

  /**
   * Show who goes, and whose doors they are, in the list of one team.
   * @param {HTMLElement} row
   * @param {number} index
   */
  function nameTeam(row, index) {
    if (!secret || row.querySelector(".told")) return;
    const team = plan.teams[index];
    const [members, phones] = secret.teams[team.name] || ["", []];
    const crew = told("p", members);
    crew.append(...phones.flatMap(dial));
    if (crew.textContent) one(row, ".inside").prepend(crew);
    for (const button of all("[data-stop]", row)) {
      const { visit } = team.stops[Number(button.dataset.stop)];
      button.append(told("span", addressLine(secret.visits[visit])));
    }
  }

  // -- the day as it goes by

  const usual = rows.map((row) => one(row, ".what").textContent);
  const many = plan.teams.length > MANY_TEAMS;
  /** @type {(L.Marker | null)[]} */
  const markers = plan.teams.map(() => null);

  /**
   * Show where every team is at a time (null: the whole day).
   * @param {number | null} time_s
   */
  function showAt(time_s) {
    now = time_s;
    byId("at-off").hidden = time_s === null;
    byId("at-text").textContent = time_s === null ? "–" : clock(time_s);
    chart?.set({ time: time_s });
    rows.forEach((row, index) => {
      const team = plan.teams[index];
      const where = time_s === null ? null : whereabouts(team, time_s, words, (a, b) => map.distance(a, b));
      one(row, ".what").textContent = where ? where.doing : usual[index];
      if (!where || row.classList.contains("off")) {
        markers[index]?.remove();
        return;
      }
      const marker = markers[index] || teamSign(index, where.at);
      markers[index] = marker;
      marker.setLatLng(where.at).addTo(map);
      const picture = /** @type {HTMLElement} */ (marker.getElement());
      picture.title = `${team.name}: ${where.doing}`;
      const { style } = /** @type {HTMLElement} */ (picture.firstElementChild);
      Object.assign(style, { background: team.colour, color: team.ink });
    });
  }

  /**
   * @param {number} index
   * @param {LatLngTuple} at
   */
  function teamSign(index, at) {
    const { name } = plan.teams[index];
    const marker = sign(at, many ? "dot" : "team", many ? "" : name, name).setZIndexOffset(1000);
    return marker.on("click", () => choose(index, true));
  }

  /** @param {HTMLElement} timeline */
  function addTimeline(timeline) {
    /** @type {HTMLInputElement} */
    const slider = byId("at");
    const { bound_s, told_s } = plan;
    const span = { start_s: Number(slider.min), end_s: Number(slider.max), bound_s, told_s };
    timeline.hidden = false;
    chart = new Chart(byId("timeline-body"), plan.teams, span, {
      onTeam: pick,
      onStop: (team, place) => {
        choose(team, true);
        showStop(team, place);
      },
    });
    slider.addEventListener("input", () => showAt(Number(slider.value)));
    byId("at-off").addEventListener("click", () => showAt(null));
    const fold = byId("timeline-fold");
    fold.addEventListener("click", () => {
      const folded = timeline.classList.toggle("folded");
      fold.setAttribute("aria-expanded", String(!folded));
      map.invalidateSize();
    });
    // beside the map where there is room, else in the panel before the teams
    const settle = () => {
      byId(narrow.matches ? "tools" : "panel").after(timeline);
      map.invalidateSize();
    };
    narrow.addEventListener("change", settle);
    settle();
  }

  /** @param {number} index */
  function pick(index) {
    choose(index);
    if (front !== null) fit(drawn[index].line.getBounds());
  }

  const timeline = document.getElementById("timeline");
  if (timeline) addTimeline(timeline);
  fit(everything, { animate: false });
  const ground = addBaseMap(map, recolour);
  printed(map, () => {
    ground.recolour();
    recolour();
  });
  function recolour() {
    redraw();
    chart?.paint();
  }

  byId("tools").hidden = false;
  rows.forEach((row, index) => {
    /** @type {HTMLInputElement} */
    const box = one(row, "input");
    box.addEventListener("change", () => {
      if (!box.checked && front === index) choose(null);
      show(index, box.checked);
      if (now !== null) showAt(now);
    });
    one(row, ".row").addEventListener("click", () => pick(index));
    one(row, ".stops").addEventListener("click", ({ target }) => {
      /** @type {HTMLElement | null} */
      const button = /** @type {Element} */ (target).closest("[data-stop]");
      if (button) showStop(index, Number(button.dataset.stop));
    });
  });
  document.getElementById("to-warnings")?.addEventListener("click", () => {
    /** @type {HTMLDetailsElement} */ (byId("warnings")).open = true;
  });
  showAllButton?.addEventListener("click", showAll);
  for (const button of all("[data-at]")) {
    const { at: place = "", letter = "!" } = button.dataset;
    const [lat, lon] = place.split(",").map(Number);
    button.addEventListener("click", () => point([lat, lon], letter || "!"));
  }
}

onFolium(overview);
