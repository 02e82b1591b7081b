// The dispatcher's page: the panel beside the map switches, lights up and finds what is on it.
(() => {
  "use strict";
  const { element, sign } = Doorroute;

  Doorroute.overview = (map) => {
    const plan = Doorroute.data("plan-data");
    const { words } = plan;
    const rows = [...document.querySelectorAll(".team")];
    let front = null;

    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    const { drawn, highlight } = Doorroute.routes(map, plan.teams, {
      signs: [...plan.depots, ...plan.unassigned].map(({ at }) => at),
      onLine: (team) => choose(plan.teams.indexOf(team)),
      onPin: (team, pin, marker) => {
        if (front !== null) choose(plan.teams.indexOf(team), true);
        tell(team, pin, marker);
      },
    });
    for (const depot of plan.depots) {
      const title = `${words.depot} ${depot.name}${depot.lab ? `: ${words.lab}` : ""}`;
      sign(depot.at, "depot", "⌂", title).addTo(map).bindPopup(element("div", "door", title));
    }
    for (const left of plan.unassigned) {
      const title = `${words.on_no_route}: ${left.visit}`;
      sign(left.at, "left", "!", title).addTo(map).bindPopup(element("div", "door", title));
    }
    const everything = L.latLngBounds([...plan.depots, ...plan.unassigned].map(({ at }) => at));
    for (const { line, pins } of drawn) {
      everything.extend(line.getBounds());
      for (const pin of pins) everything.extend(pin.getLatLng());
    }
    const fit = (bounds, options) => bounds.isValid() && map.fitBounds(bounds, { padding: [36, 36], maxZoom: 18, ...options });
    fit(everything, { animate: false });
    const ground = Doorroute.baseMap(Doorroute.data("map-data"), Doorroute.PALETTES[Doorroute.scheme()]).addTo(map);

    const Fit = L.Control.extend({
      options: { position: "topright" },
      onAdd: () => {
        const box = element("div", "leaflet-bar fit");
        const button = box.appendChild(element("a", "", "⤢"));
        Object.assign(button, { href: "#", title: words.all, role: "button" });
        button.setAttribute("aria-label", words.all);
        L.DomEvent.disableClickPropagation(box).on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          choose(null);
          fit(everything);
        });
        return box;
      },
    });
    map.addControl(new Fit());

    // Bring one team to the front (null: all alike again); choosing it twice lets go, unless `stay`.
    function choose(index, stay) {
      front = index === front && !stay ? null : index;
      if (front !== null) show(front, true);
      highlight(front);
      rows.forEach((row, i) => {
        row.classList.toggle("front", i === front);
        row.querySelector(".row").setAttribute("aria-expanded", String(i === front));
        row.querySelector(".stops").hidden = i !== front;
        if (i === front) listStops(row, i);
      });
      document.getElementById("all").hidden = front === null;
    }

    // Of a large plan the stops are not in the page's text: they are listed when their team is opened.
    function listStops(row, index) {
      const list = row.querySelector(".stops");
      if (list.querySelector("[data-stop]")) return;
      list.lastElementChild.before(...plan.teams[index].stops.map((stop, place) => {
        const button = element("button");
        Object.assign(button, { type: "button" }).dataset.stop = place;
        button.append(element("span", "", stop.arrive), element("b", "", stop.number), Object.assign(element("span", "", stop.visit), { dir: "auto" }), element("span", "soft", stop.windows));
        const item = element("li");
        item.append(button);
        return item;
      }));
    }

    function show(index, on) {
      const box = rows[index].querySelector("input");
      box.checked = on;
      rows[index].classList.toggle("off", !on);
      const { line, layer } = drawn[index];
      if (on === map.hasLayer(line)) return;
      if (on) layer.addTo(map);
      else layer.remove();
    }

    function tell(team, pin, marker) {
      const box = element("div");
      for (const number of pin.stops) {
        const stop = team.stops[number - 1];
        const door = box.appendChild(element("section", "door"));
        door.append(element("h3", "", `${team.name} · ${words.stop.replace("{number}", number)}`), element("p", "soft", `${stop.visit} · ${stop.people}`));
        const times = door.appendChild(element("dl"));
        for (const key of ["arrive", "wait", "begin", "leave", "windows"]) {
          if (stop[key]) times.append(element("dt", "", words[key]), element("dd", "", stop[key]));
        }
      }
      L.popup({ offset: [0, -6], maxHeight: 260 }).setLatLng(marker.getLatLng()).setContent(box).openOn(map);
    }

    let candidate = null;
    function point(at, letter) {
      if (candidate) candidate.remove();
      candidate = letter ? sign(at, "candidate", letter, letter).addTo(map) : null;
      map.setView(at, Math.max(map.getZoom(), 17));
      if (matchMedia("(max-width: 820px)").matches) scrollTo({ top: 0, behavior: "smooth" });
    }

    // -- search, and the day as it goes by

    const visits = new Map();
    plan.teams.forEach((team, index) => team.stops.forEach((stop, place) => visits.set(stop.visit.toUpperCase(), { index, place })));
    for (const left of plan.unassigned) visits.set(left.visit.toUpperCase(), { at: left.at });

    function find(text) {
      const found = visits.get(text.trim().toUpperCase());
      document.getElementById("found").textContent = found ? "" : words.not_found.replace("{text}", text);
      if (!found) return;
      if (found.at) {
        point(found.at, "!");
        return;
      }
      choose(found.index, true);
      showStop(found.index, found.place);
    }

    function showStop(index, place) {
      const team = plan.teams[index];
      const pin = team.pins.findIndex(({ stops }) => stops.includes(place + 1));
      map.setView(team.pins[pin].at, Math.max(map.getZoom(), 17));
      tell(team, { ...team.pins[pin], stops: [place + 1] }, drawn[index].pins[pin]);
    }

    // Where a team is at a time, and in words what it does there.
    function whereabouts(team, time) {
      const line = Doorroute.line(team.line);
      if (time < team.start_s) return { at: line[0], doing: words.not_started };
      if (time >= team.finish_s) return { at: line[line.length - 1], doing: words.back };
      const next = team.stops.findIndex((stop) => time < stop.to_s);
      if (next >= 0 && time >= team.stops[next].from_s)
        return { at: line[team.ends[next]], doing: words.at_stop.replace("{number}", team.stops[next].number) };
      const last = next < 0 ? team.stops.length - 1 : next - 1;
      const [left, due] = [last < 0 ? team.start_s : team.stops[last].to_s, next < 0 ? team.finish_s : team.stops[next].from_s];
      const leg = line.slice(last < 0 ? 0 : team.ends[last], (next < 0 ? line.length - 1 : team.ends[next]) + 1);
      const doing = next < 0 ? words.to_depot : words.to_stop.replace("{number}", team.stops[next].number);
      return { at: along(leg, (time - left) / Math.max(1, due - left)), doing };
    }

    function along(points, share) {
      const far = [0];
      for (let i = 1; i < points.length; i++) far.push(far[i - 1] + map.distance(points[i - 1], points[i]));
      const goal = far[far.length - 1] * share;
      const i = Math.max(1, far.findIndex((metres) => metres >= goal));
      if (points.length < 2) return points[0];
      const part = (goal - far[i - 1]) / (far[i] - far[i - 1] || 1);
      return [0, 1].map((axis) => points[i - 1][axis] + (points[i][axis] - points[i - 1][axis]) * part);
    }

    let standing = [];
    const usual = rows.map((row) => row.querySelector(".what").textContent);
    function at(time) {
      for (const one of standing) one.remove();
      standing = [];
      const off = time === null;
      document.getElementById("at-off").hidden = off;
      document.getElementById("at-text").textContent = off ? "–" : [time / 3600, (time / 60) % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
      rows.forEach((row, index) => {
        const team = plan.teams[index], where = off ? null : whereabouts(team, time);
        row.querySelector(".what").textContent = off ? usual[index] : where.doing;
        if (off || row.classList.contains("off")) return;
        const marker = sign(where.at, "team", team.name, `${team.name}: ${where.doing}`).addTo(map);
        Object.assign(marker.getElement().firstChild.style, { background: team.colour, color: team.ink });
        marker.setZIndexOffset(1000).on("click", () => choose(index, true));
        standing.push(marker);
      });
    }

    const tools = document.getElementById("tools");
    if (tools) {
      tools.hidden = false;
      const list = document.getElementById("visits");
      if (visits.size <= 2000) list.append(...[...visits.keys()].map((visit) => Object.assign(element("option"), { value: visit })));
      document.getElementById("find").addEventListener("submit", (event) => {
        event.preventDefault();
        find(document.getElementById("visit").value);
      });
      document.getElementById("at").addEventListener("input", (event) => at(Number(event.target.value)));
      document.getElementById("at-off").addEventListener("click", () => at(null));
    }

    rows.forEach((row, index) => {
      row.querySelector("input").addEventListener("change", (event) => {
        if (!event.target.checked && front === index) choose(null);
        show(index, event.target.checked);
      });
      row.querySelector(".row").addEventListener("click", () => {
        choose(index);
        if (front !== null) fit(drawn[index].line.getBounds());
      });
      row.querySelector(".stops").addEventListener("click", (event) => {
        const button = event.target.closest("[data-stop]");
        if (button) showStop(index, Number(button.dataset.stop));
      });
    });
    document.getElementById("all").addEventListener("click", () => {
      choose(null);
      fit(everything);
    });
    document.querySelectorAll("[data-at]").forEach((button) => button.addEventListener("click", () =>
      point(button.dataset.at.split(",").map(Number), button.dataset.letter)));

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    // On paper the map stands as it does on the screen, made smaller, on white.
    for (const [event, printing] of [["beforeprint", true], ["afterprint", false]]) {
      addEventListener(event, () => {
        const { x, y } = map.getSize();
        document.documentElement.classList.toggle("printing", printing);
        document.documentElement.style.setProperty("--wide", x);
        document.documentElement.style.setProperty("--high", y);
        recolour();
      });
    }
    function recolour() {
      ground.setPalette(Doorroute.PALETTES[Doorroute.scheme()]);
      for (const { line, pins } of drawn) [line, ...pins].forEach((layer) => layer.redraw());
    }
  };
})();
