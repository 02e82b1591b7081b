// The dispatcher's page: the panel beside the map switches, lights up and finds what is on it.
(() => {
  "use strict";
  const { element, sign, clock } = Doorroute;
  const $ = (id) => document.getElementById(id);

  Doorroute.overview = (map) => {
    const plan = read();
    const { words } = plan;
    const rows = [...document.querySelectorAll(".team")];
    const narrow = matchMedia("(max-width: 820px)");
    let front = null, wanted = null, secret = null, now = null;

    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    const { drawn, highlight } = Doorroute.routes(map, plan.teams, {
      signs: [...plan.depots, ...plan.unassigned].map(({ at }) => at),
      onLine: (team) => choose(plan.teams.indexOf(team)),
      onPin: (team, pin, marker) => {
        const index = plan.teams.indexOf(team);
        choose(index, true);
        point(null);
        mark(index, pin.stops[0] - 1);
        tell(team, pin, marker);
      },
    });
    // what has happened is no more in the team's colour
    drawn.forEach(({ pins }, index) => plan.teams[index].pins.forEach(({ stops }, place) => {
      if (stops.every((number) => number <= plan.teams[index].done)) pins[place].setMark({ label: "✓", colour: "#ffffff", ink: "#1c2430" });
    }));
    Doorroute.closed(map, plan.closed);
    for (const depot of plan.depots) {
      const title = `${words.depot} ${depot.name}${depot.lab ? `: ${words.lab}` : ""}`;
      sign(depot.at, "depot", "⌂", title).addTo(map).bindPopup(element("div", "door", title));
    }
    for (const left of plan.unassigned) {
      sign(left.at, "left", "!", `${words.on_no_route}: ${left.visit}`).addTo(map).on("click", () => tellLeft(left));
    }
    const everything = L.latLngBounds([...plan.depots, ...plan.unassigned].map(({ at }) => at));
    for (const { line, pins } of drawn) {
      everything.extend(line.getBounds());
      for (const pin of pins) everything.extend(pin.getLatLng());
    }
    const fit = (bounds, options) => bounds.isValid() && map.fitBounds(bounds, { padding: [36, 36], maxZoom: 18, ...options });
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

    // The plan with names for the places of a stop's list; told at `plan_data` in overview_data.py.
    function read() {
      const data = Doorroute.data("plan-data");
      const whose = ([window, sheet, ids]) => ({ windows: data.windows[window], rows: sheet, ids });
      data.teams.forEach((team, index) => {
        team.stops = team.stops.map(([visit, people, from_s, wait_s, begin_s, to_s, ...rest], place) =>
          ({ team: index, name: team.name, place, number: place + 1, done: place < team.done, visit, people, from_s, wait_s, begin_s, to_s, ...whose(rest) }));
      });
      data.unassigned = data.unassigned.map(([visit, people, at, ...rest]) => ({ team: null, visit, people, at, ...whose(rest) }));
      return data;
    }

    // -- teams

    // Bring one team to the front (null: all alike again); choosing it twice lets go, unless `stay`.
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
        rows[i].querySelector(".row").setAttribute("aria-expanded", String(open));
        rows[i].querySelector(".inside").hidden = !open;
        if (open) listStops(rows[i], i);
      }
      $("all").hidden = front === null;
    }

    // What is in front, or looked for, on the map and in the chart.
    function light() {
      const pins = wanted && plan.teams.map((team) => team.pins.map(({ stops }) => stops.some((number) => wanted.has(team.stops[number - 1]))));
      highlight(front, pins && ((team, pin) => pins[team][pin]));
      if (chart) chart.set({ front, wanted: front === null ? wanted : null });
    }

    // Of a large plan the stops are not in the page's text: they are listed when their team is opened.
    function listStops(row, index) {
      const list = row.querySelector(".stops");
      if (!list.querySelector("[data-stop]")) {
        list.lastElementChild.before(...plan.teams[index].stops.map((stop, place) => {
          const button = element("button");
          Object.assign(button, { type: "button" }).dataset.stop = place;
          button.append(element("span", "", clock(stop.from_s)), element("b", "", stop.number), Object.assign(element("span", "", stop.visit), { dir: "auto" }), element("span", "soft", stop.windows));
          const item = element("li");
          item.append(button);
          return item;
        }));
      }
      name(row, index);
    }

    function mark(index, place) {
      for (const old of document.querySelectorAll(".stops [aria-current]")) old.removeAttribute("aria-current");
      const button = rows[index].querySelector(`[data-stop="${place}"]`);
      button.setAttribute("aria-current", "true");
      if (!narrow.matches) button.scrollIntoView({ block: "center" });
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

    // -- a door in words

    function tell(team, pin, marker) {
      const box = element("div");
      for (const number of pin.stops) box.append(door(team.stops[number - 1], `${team.name} · ${words.stop.replace("{number}", number)}`));
      L.popup({ offset: [0, -6], maxHeight: 300, minWidth: 190 }).setLatLng(marker.getLatLng()).setContent(box).openOn(map);
    }

    function tellLeft(left) {
      L.popup({ offset: [0, -6], maxHeight: 300 }).setLatLng(left.at).setContent(door(left, words.on_no_route)).openOn(map);
    }

    function door(stop, title) {
      const section = element("section", "door");
      const auto = (made) => Object.assign(made, { dir: "auto" });
      section.append(auto(element("h3", "", title)), auto(element("p", "soft", `${stop.visit} · ${words.people.replace("{n}", stop.people)}`)));
      const told = secret && secret.visits[stop.visit];
      if (told) {
        section.append(auto(element("p", "where", told.address)));
        if (told.way.length) section.append(auto(element("p", "soft", told.way.join(" · "))));
      }
      const facts = section.appendChild(element("dl"));
      const fact = (key, value) => value && facts.append(element("dt", "", words[key]), auto(element("dd", "", value)));
      if (stop.team !== null) {
        fact("arrive", clock(stop.from_s));
        fact("wait", stop.wait_s >= 60 && `${Math.floor(stop.wait_s / 3600)}:${String(Math.round(stop.wait_s / 60) % 60).padStart(2, "0")}`);
        fact("begin", clock(stop.begin_s));
        fact("leave", clock(stop.to_s));
      }
      fact("windows", stop.windows);
      fact("row", stop.rows.join(", "));
      if (!told) {
        fact("id", stop.ids.join(", "));
        return section;
      }
      fact("class", secret.classes[told.class]);
      for (const [, id, person, count, phones, note] of told.people) {
        const one = section.appendChild(auto(element("p", "person")));
        one.append(element("b", "", person || id), count > 1 ? ` × ${count}` : "", person ? element("span", "soft", ` ${id}`) : "");
        one.append(...phones.flatMap(dial));
        if (note) one.append(auto(element("span", "note", note)));
      }
      return section;
    }

    function dial([shown, href]) {
      return [" ", href ? Object.assign(element("a", "", shown), { href, dir: "ltr" }) : element("span", "", shown)];
    }

    let candidate = null;
    function point(at, letter) {
      if (candidate) candidate.remove();
      candidate = letter ? sign(at, "candidate", letter, letter).addTo(map) : null;
      if (!at) return;
      map.setView(at, Math.max(map.getZoom(), 17));
      toMap();
    }

    function toMap() {
      if (narrow.matches) scrollTo({ top: 0, behavior: "smooth" });
    }

    function showStop(index, place) {
      const team = plan.teams[index];
      const pin = team.pins.findIndex(({ stops }) => stops.includes(place + 1));
      point(null);
      map.setView(team.pins[pin].at, Math.max(map.getZoom(), 17));
      mark(index, place);
      tell(team, { ...team.pins[pin], stops: [place + 1] }, drawn[index].pins[pin]);
      toMap();
    }

    // -- search, and names

    const named = Doorroute.finder([...plan.teams.flatMap(({ stops }) => stops), ...plan.unassigned], plan, {
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
    Doorroute.names(plan, (shown) => {
      secret = shown;
      map.closePopup();
      for (const old of document.querySelectorAll(".told")) old.remove();
      named(secret);
      for (const hint of document.querySelectorAll("[data-sealed]")) hint.hidden = Boolean(secret);
      if (front !== null) name(rows[front], front);
      if (!secret) return;
      for (const card of document.querySelectorAll("[data-visit]")) {
        const { address, people } = secret.visits[card.dataset.visit];
        const reason = secret.reasons[card.dataset.visit];
        if (reason) card.append(...reason.map((text, i) => told("p", text, ["why", "remedy", "code"][i])));
        card.firstElementChild.after(told("p", [address, ...people.map(([, , person]) => person)].filter(Boolean).join(" · ")));
      }
      for (const card of document.querySelectorAll("[data-row]")) {
        const { address, candidates } = secret.rows[card.dataset.row];
        card.firstElementChild.after(told("p", address));
        card.querySelectorAll("[data-letter]").forEach((button, i) => button.append(told("span", candidates[i])));
      }
    });

    function told(tag, text, kind = "") {
      return Object.assign(element(tag, `told ${kind}`.trim(), text), { dir: "auto" });
    }

    // Who goes, and whose doors they are, in the list of one team.
    function name(row, index) {
      if (!secret || row.querySelector(".told")) return;
      const [members, phones] = secret.teams[plan.teams[index].name] || ["", []];
      const crew = told("p", members);
      crew.append(...phones.flatMap(dial));
      if (crew.textContent) row.querySelector(".inside").prepend(crew);
      for (const button of row.querySelectorAll("[data-stop]")) {
        const { address, people } = secret.visits[plan.teams[index].stops[button.dataset.stop].visit];
        button.append(told("span", [address, ...people.map(([, , person]) => person)].filter(Boolean).join(" · ")));
      }
    }

    // -- the day as it goes by

    const usual = rows.map((row) => row.querySelector(".what").textContent);
    const many = plan.teams.length > 60; // names would hide one another
    const standing = plan.teams.map(() => null);
    function at(time) {
      now = time;
      const off = time === null;
      $("at-off").hidden = off;
      $("at-text").textContent = off ? "–" : clock(time);
      chart.set({ time });
      rows.forEach((row, index) => {
        const team = plan.teams[index], where = off ? null : Doorroute.whereabouts(map, team, time, words);
        row.querySelector(".what").textContent = off ? usual[index] : where.doing;
        if (off || row.classList.contains("off")) {
          if (standing[index]) standing[index].remove();
          return;
        }
        const marker = standing[index] || (standing[index] = sign(where.at, many ? "dot" : "team", many ? "" : team.name, team.name).setZIndexOffset(1000).on("click", () => choose(index, true)));
        marker.setLatLng(where.at).addTo(map);
        const picture = marker.getElement();
        picture.title = `${team.name}: ${where.doing}`;
        Object.assign(picture.firstChild.style, { background: team.colour, color: team.ink });
      });
    }

    const timeline = $("timeline");
    let chart = null;
    if (timeline) {
      const slider = $("at");
      const span = { start_s: Number(slider.min), end_s: Number(slider.max), bound_s: plan.bound_s, told_s: plan.told_s };
      timeline.hidden = false;
      chart = new Doorroute.Chart($("timeline-body"), plan.teams, span, {
        onTeam: pick,
        onStop: (team, place) => {
          choose(team, true);
          showStop(team, place);
        },
      });
      slider.addEventListener("input", () => at(Number(slider.value)));
      $("at-off").addEventListener("click", () => at(null));
      $("timeline-fold").addEventListener("click", ({ currentTarget }) => {
        const open = timeline.classList.toggle("folded");
        currentTarget.setAttribute("aria-expanded", String(!open));
        map.invalidateSize();
      });
      // beside the map where there is room, else in the panel before the teams
      const settle = () => {
        if (narrow.matches) $("tools").after(timeline);
        else $("panel").after(timeline);
        map.invalidateSize();
      };
      narrow.addEventListener("change", settle);
      settle();
    }
    fit(everything, { animate: false });
    const ground = Doorroute.baseMap(Doorroute.data("map-data"), Doorroute.PALETTES[Doorroute.scheme()]).addTo(map);

    function pick(index) {
      choose(index);
      if (front !== null) fit(drawn[index].line.getBounds());
    }

    $("tools").hidden = false;
    rows.forEach((row, index) => {
      row.querySelector("input").addEventListener("change", (event) => {
        if (!event.target.checked && front === index) choose(null);
        show(index, event.target.checked);
        if (now !== null) at(now);
      });
      row.querySelector(".row").addEventListener("click", () => pick(index));
      row.querySelector(".stops").addEventListener("click", (event) => {
        const button = event.target.closest("[data-stop]");
        if (button) showStop(index, Number(button.dataset.stop));
      });
    });
    $("to-warnings")?.addEventListener("click", () => { $("warnings").open = true; });
    $("all")?.addEventListener("click", () => {
      choose(null);
      fit(everything);
    });
    document.querySelectorAll("[data-at]").forEach((button) => button.addEventListener("click", () =>
      point(button.dataset.at.split(",").map(Number), button.dataset.letter || "!")));

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
      if (chart) chart.paint();
    }
  };
})();
