// The planner's page: a slider over numbers of teams, the map of each plan, and two of them side by side.
/** @import { Count, CountsData } from "./types.js" */
import "../lib/older.js";
import { all, byId, data } from "../lib/dom.js";
import { duration } from "../lib/clock.js";
import { unpacked, utf8 } from "../lib/gunzip.js";
import { ShowAll, onFolium, printed } from "../lib/map/street_map.js";
import { fill } from "../lib/text.js";
import { Stage } from "./stage.js";

/**
 * Return a difference with its sign.
 * @param {number} number
 * @param {string | undefined} kind time (seconds), share (percent) or number
 */
function signed(number, kind) {
  const mark = number > 0 ? "+" : number < 0 ? "−" : "±",
    size = Math.abs(number);
  return (
    mark + (kind === "time" ? duration(size) : kind === "share" ? `${Math.round(size)} %` : String(size))
  );
}

/** @param {L.Map} first */
function scenarios(first) {
  /** @type {CountsData} */
  const { series, words } = JSON.parse(utf8(unpacked(data("plan-data"))));
  const [slider, other] = ["teams", "other"].map((id) => /** @type {HTMLInputElement} */ (byId(id)));
  const picker = /** @type {HTMLSelectElement | null} */ (document.getElementById("series"));
  const side = byId("side");
  const plans = series.flatMap(({ rows }) => rows);
  const bounds = L.latLngBounds(
    plans.flatMap(({ depots, routes, left }) =>
      [...depots, ...left, ...routes.flatMap(({ pins }) => pins)].map(({ at }) => at),
    ),
  );
  let now = 0; // the series that is shown
  const one = new Stage(first, bounds, words);
  /** @type {Stage | null} */
  let two = null;
  first.addControl(new ShowAll(words.all, () => first.fitBounds(bounds, { padding: [24, 24] })));

  /** @param {Count} plan */
  const teamsOf = (plan) => fill(words.teams, { n: plan.teams });
  /**
   * @param {number} at the series
   * @param {Count} plan
   */
  const named = (at, plan) => (series.length > 1 ? `${series[at].name} · ${teamsOf(plan)}` : teamsOf(plan));

  function show() {
    const { rows } = series[now];
    const place = Math.min(Number(slider.value), rows.length - 1),
      plan = rows[place];
    one.show(plan);
    slider.setAttribute("aria-valuetext", teamsOf(plan));
    byId("teams-text").textContent = String(plan.teams);
    const [at, row] = other.value ? other.value.split("/").map(Number) : [0, 0];
    const beside = other.value ? series[at].rows[row] : null;
    byId("name-a").textContent = byId("tag-a").textContent = named(now, plan);
    byId("name-b").textContent = byId("tag-b").textContent = beside ? named(at, beside) : "";
    for (const id of ["name-b", "name-d"]) byId(id).hidden = !beside;
    showFigures(plan, beside);
    showParts(plan, place);
    showBeside(beside);
    document.documentElement.dataset.shown = `${now}/${plan.teams}`;
  }

  /**
   * @param {Count} plan
   * @param {Count | null} beside
   */
  function showFigures(plan, beside) {
    all(".figures tbody tr").forEach((line, i) => {
      const [own, its, difference] = all("td", line);
      own.textContent = plan.figures[i];
      its.hidden = difference.hidden = !beside;
      if (!beside) return;
      its.textContent = beside.figures[i];
      difference.textContent = signed(beside.numbers[i] - plan.numbers[i], line.dataset.kind);
    });
  }

  /**
   * Show the answer, the chart and the table of the series, and where in them the plan is.
   * @param {Count} plan
   * @param {number} place
   */
  function showParts(plan, place) {
    for (const part of all(".of")) {
      part.hidden = Number(part.dataset.series) !== now;
      for (const line of all(".rows tbody tr", part)) {
        line.classList.toggle("shown", Number(line.dataset.row) === place);
      }
      const dot = part.querySelector(`.dot[data-teams="${plan.teams}"]`),
        mark = part.querySelector(".now");
      if (dot && mark) for (const end of ["x1", "x2"]) mark.setAttribute(end, dot.getAttribute("cx") || "");
    }
  }

  /** @param {Count | null} plan */
  function showBeside(plan) {
    const changes = side.hidden === Boolean(plan);
    side.hidden = !plan;
    byId("maps").classList.toggle("two", Boolean(plan));
    if (!changes && !two) return;
    if (plan && !two) two = secondStage();
    if (changes) {
      first.invalidateSize({ animate: false });
      two?.map.invalidateSize({ animate: false });
      first.fitBounds(bounds, { padding: [24, 24], animate: false });
    }
    if (plan) two?.show(plan);
  }

  function secondStage() {
    const center = first.getCenter(),
      zoom = first.getZoom();
    const options = { zoomSnap: 0.25, maxZoom: 20, fadeAnimation: false, zoomControl: false };
    const map = L.map("beside", { ...options, center, zoom });
    const stage = new Stage(map, bounds, words);
    let busy = false; // what one map does, the other follows
    for (const [from, to] of [
      [first, map],
      [map, first],
    ]) {
      from.on("move zoom", () => {
        if (busy || side.hidden) return;
        busy = true;
        to.setView(from.getCenter(), from.getZoom(), { animate: false });
        busy = false;
      });
    }
    return stage;
  }

  byId("choice").hidden = false;
  slider.addEventListener("input", show);
  other.addEventListener("change", show);
  picker?.addEventListener("change", () => {
    const { teams } = series[now].rows[Number(slider.value)];
    now = Number(picker.value);
    const { rows } = series[now];
    slider.max = String(rows.length - 1);
    slider.value = String(
      Math.max(
        0,
        rows.findIndex((row) => row.teams === teams),
      ),
    );
    show();
  });
  for (const part of all(".of")) {
    part.addEventListener("click", ({ target }) => {
      const clicked = /** @type {Element} */ (target);
      const line = clicked.closest(".rows button")?.closest("tr");
      const dot = /** @type {SVGElement | null} */ (clicked.closest(".dot[data-teams]"));
      if (line) slider.value = line.dataset.row || "";
      else if (dot) {
        const teams = Number(dot.dataset.teams);
        slider.value = String(series[now].rows.findIndex((row) => row.teams === teams));
      } else return;
      show();
    });
  }
  show();

  // While nothing is asked, the other plans are drawn once out of sight, so that the slider answers at once.
  const rest = plans.filter((plan) => plan !== one.shown);
  const ahead = () => {
    const plan = rest.pop(),
      back = one.shown;
    if (plan && back && !one.kept.has(plan)) {
      one.show(plan);
      one.show(back);
    }
    if (rest.length) setTimeout(ahead, 60);
    else document.documentElement.dataset.ready = "yes";
  };
  setTimeout(ahead, 400);

  const chartHigh = () => Math.max(130, 360 - 16 * series[now].rows.length);
  printed(
    first,
    () => one.recolour(),
    ({ x, y }) => Math.min(680 / x, chartHigh() / y),
  );
}

onFolium(scenarios);
