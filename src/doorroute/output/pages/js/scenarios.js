// The planner's page: a slider over numbers of teams, the map of each plan, and two of them side by side.
(() => {
  "use strict";
  const { element, sign } = Doorroute;

  Doorroute.scenarios = (first) => {
    const bytes = Doorroute.gunzip(Uint8Array.from(atob(Doorroute.data("plan-data")), (letter) => letter.charCodeAt(0)));
    const { series, words } = JSON.parse(new TextDecoder().decode(bytes));
    const byId = (id) => document.getElementById(id);
    const slider = byId("teams"), other = byId("other"), picker = byId("series");
    const palette = () => Doorroute.PALETTES[Doorroute.scheme()];
    const bounds = L.latLngBounds(series.flatMap(({ rows }) => rows.flatMap(({ depots, routes, left }) =>
      [...depots, ...left, ...routes.flatMap(({ pins }) => pins)].map(({ at }) => at))));
    let now = 0; // the series that is shown

    // A map that shows one plan at a time; each is drawn once and kept.
    class Stage {
      constructor(map) {
        Object.assign(this, { map, kept: new Map(), shown: null });
        map.attributionControl.setPrefix(false);
        L.control.scale({ imperial: false }).addTo(map);
        map.fitBounds(bounds, { padding: [24, 24], maxZoom: 18, animate: false });
        this.ground = Doorroute.baseMap(Doorroute.data("map-data"), palette()).addTo(map);
      }

      drawn(plan) {
        if (!this.kept.has(plan)) {
          const tell = (team, pin) => L.popup({ offset: [0, -6] }).setLatLng(pin.at)
            .setContent(element("div", "", `${team.name} · ${pin.label} · ${pin.visit}`)).openOn(this.map);
          const made = Doorroute.routes(this.map, plan.routes, {
            signs: [...plan.depots, ...plan.left].map(({ at }) => at),
            onPin: tell,
            onLine: (team) => L.popup().setLatLng(L.latLng(team.pins[0].at)).setContent(element("div", "", `${team.name} · ${team.told}`)).openOn(this.map),
          });
          const signs = [...plan.depots.map(({ name, at }) => sign(at, "depot", "⌂", `${words.depot} ${name}`)),
            ...plan.left.map(({ visit, at }) => sign(at, "left", "!", visit))];
          this.kept.set(plan, { ...made, signs });
          for (const each of signs) each.addTo(this.map);
          return this.kept.get(plan);
        }
        const { drawn, signs } = this.kept.get(plan);
        for (const { line } of drawn) line.addTo(this.map);
        for (const { layer } of drawn) layer.addTo(this.map);
        for (const each of signs) each.addTo(this.map);
        return this.kept.get(plan);
      }

      show(plan) {
        if (plan === this.shown) return;
        this.map.closePopup();
        if (this.shown) {
          const { drawn, signs } = this.kept.get(this.shown);
          for (const { line, layer } of drawn) {
            layer.remove();
            line.remove();
          }
          for (const each of signs) each.remove();
        }
        this.shown = plan;
        this.drawn(plan);
      }

      recolour() {
        this.ground.setPalette(palette());
        if (this.shown) for (const { line, pins } of this.kept.get(this.shown).drawn) [line, ...pins].forEach((layer) => layer.redraw());
      }
    }

    const one = new Stage(first);
    let two = null;

    const Fit = L.Control.extend({
      options: { position: "topright" },
      onAdd: () => {
        const box = element("div", "leaflet-bar fit");
        const button = box.appendChild(element("a", "", "⤢"));
        Object.assign(button, { href: "#", title: words.all, role: "button" });
        button.setAttribute("aria-label", words.all);
        L.DomEvent.disableClickPropagation(box).on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          first.fitBounds(bounds, { padding: [24, 24] });
        });
        return box;
      },
    });
    first.addControl(new Fit());

    function named(at, plan) {
      const teams = words.teams.replace("{n}", plan.teams);
      return series.length > 1 ? `${series[at].name} · ${teams}` : teams;
    }

    function signed(number, kind) {
      const mark = number > 0 ? "+" : number < 0 ? "−" : "±";
      const size = Math.abs(number);
      if (kind === "time") return `${mark}${Math.floor((size + 30) / 3600)}:${String(Math.floor(((size + 30) / 60) % 60)).padStart(2, "0")}`;
      return `${mark}${kind === "share" ? `${Math.round(size)} %` : size}`;
    }

    function show() {
      const { rows } = series[now];
      const place = Math.min(Number(slider.value), rows.length - 1);
      const plan = rows[place];
      one.show(plan);
      slider.setAttribute("aria-valuetext", words.teams.replace("{n}", plan.teams));
      byId("teams-text").textContent = plan.teams;
      const [at, row] = other.value ? other.value.split("/").map(Number) : [];
      const beside = other.value ? series[at].rows[row] : null;
      byId("name-a").textContent = byId("tag-a").textContent = named(now, plan);
      byId("name-b").textContent = byId("tag-b").textContent = beside ? named(at, beside) : "";
      for (const id of ["name-b", "name-d"]) byId(id).hidden = !beside;
      document.querySelectorAll(".figures tbody tr").forEach((line, i) => {
        const cells = line.querySelectorAll("td");
        cells[0].textContent = plan.figures[i];
        for (const cell of [cells[1], cells[2]]) cell.hidden = !beside;
        if (beside) {
          cells[1].textContent = beside.figures[i];
          cells[2].textContent = signed(beside.numbers[i] - plan.numbers[i], line.dataset.kind);
        }
      });
      document.querySelectorAll(".of").forEach((part) => {
        part.hidden = Number(part.dataset.series) !== now;
        part.querySelectorAll(".rows tbody tr").forEach((line) => line.classList.toggle("shown", Number(line.dataset.row) === place));
        const dot = part.querySelector(`.dot[data-teams="${plan.teams}"]`), mark = part.querySelector(".now");
        if (dot && mark) for (const end of ["x1", "x2"]) mark.setAttribute(end, dot.getAttribute("cx"));
      });
      place_beside(beside);
      document.documentElement.dataset.shown = `${now}/${plan.teams}`;
    }

    function place_beside(plan) {
      const was = byId("side").hidden;
      byId("side").hidden = !plan;
      byId("maps").classList.toggle("two", Boolean(plan));
      if (was === !plan && !two) return;
      if (plan && !two) {
        const map = L.map("beside", { zoomSnap: 0.25, maxZoom: 20, fadeAnimation: false, zoomControl: false, center: first.getCenter(), zoom: first.getZoom() });
        two = new Stage(map);
        let busy = false; // what one map does, the other follows
        for (const [from, to] of [[first, map], [map, first]]) from.on("move zoom", () => {
          if (busy || byId("side").hidden) return;
          busy = true;
          to.setView(from.getCenter(), from.getZoom(), { animate: false });
          busy = false;
        });
      }
      if (was !== !plan) {
        first.invalidateSize({ animate: false });
        if (two) two.map.invalidateSize({ animate: false });
        first.fitBounds(bounds, { padding: [24, 24], animate: false });
      }
      if (plan) two.show(plan);
    }

    byId("choice").hidden = false;
    slider.addEventListener("input", show);
    other.addEventListener("change", show);
    if (picker) picker.addEventListener("change", () => {
      const teams = series[now].rows[Number(slider.value)].teams;
      now = Number(picker.value);
      slider.max = series[now].rows.length - 1;
      slider.value = Math.max(0, series[now].rows.findIndex((row) => row.teams === teams));
      show();
    });
    document.querySelectorAll(".of").forEach((part) => part.addEventListener("click", (event) => {
      const line = event.target.closest(".rows button"), dot = event.target.closest(".dot[data-teams]");
      if (line) slider.value = line.closest("tr").dataset.row;
      else if (dot) slider.value = series[now].rows.findIndex(({ teams }) => teams === Number(dot.dataset.teams));
      if (line || dot) show();
    }));
    show();

    // While nothing is asked, the other plans are drawn once out of sight, so that the slider answers at once.
    const rest = series.flatMap(({ rows }) => rows).filter((plan) => plan !== one.shown);
    const ahead = () => {
      const plan = rest.pop();
      if (plan && !one.kept.has(plan)) {
        const back = one.shown;
        one.show(plan);
        one.show(back);
      }
      if (rest.length) setTimeout(ahead, 60);
      else document.documentElement.dataset.ready = "yes";
    };
    setTimeout(ahead, 400);

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [one, two].forEach((stage) => stage && stage.recolour()));
    // On paper the map stands as it does on the screen, made smaller, on white.
    for (const [event, printing] of [["beforeprint", true], ["afterprint", false]]) {
      addEventListener(event, () => {
        const { x, y } = first.getSize();
        const root = document.documentElement;
        root.classList.toggle("printing", printing);
        root.style.setProperty("--wide", x);
        root.style.setProperty("--high", y);
        root.style.setProperty("--scale", Math.min(680 / x, Math.max(130, 360 - 16 * series[now].rows.length) / y));
        one.recolour();
      });
    }
  };
})();
