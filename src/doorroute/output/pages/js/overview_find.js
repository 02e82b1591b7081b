// Looking for doors: by id, row and, when they are shown, by name, address and telephone; narrowed by team, window and class.
(() => {
  "use strict";

  const SHOWN = 50;
  const { element } = Doorroute;
  const clock = (time) => Doorroute.clock(time);
  const $ = (id) => document.getElementById(id);
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const dialled = (text) => text.replace(/[^0-9]/g, "");

  // `doors` are all visits; `onFound(doors or null)` hears what fits, null where nothing is looked for, and `onPick` which one is wanted.
  Doorroute.finder = (doors, { words }, { onFound, onPick }) => {
    let secret = null, found = null, waiting = 0;
    const keys = new Map();

    // What a door can be found by: ids first, which count most, then its row, then what is known of its people.
    function keysOf(door) {
      if (!keys.has(door)) {
        const told = secret && secret.visits[door.visit];
        const people = told ? told.people : [];
        keys.set(door, {
          ids: [door.visit, ...door.ids, ...people.map(([, id]) => id)].map(plain),
          rows: door.rows.map(String),
          text: told ? plain([told.address, ...told.way, ...people.flatMap(([, , name, , phones, note]) => [name, ...phones.map(([shown]) => shown), note])].join("\n")) : "",
          digits: people.flatMap(([, , , , phones]) => phones.map(([shown]) => dialled(shown))),
        });
      }
      return keys.get(door);
    }

    // How well a door fits, 0 best; null where it does not.
    function rank(door, query, words, number) {
      if (!query) return 0;
      const { ids, rows, text, digits } = keysOf(door);
      if (ids.includes(query)) return 0;
      if (rows.includes(query)) return 1;
      if (text && words.every((word) => text.includes(word))) return 2;
      if (ids.some((id) => id.startsWith(query))) return 3;
      if (number.length > 4 && digits.some((each) => each.includes(number))) return 3;
      return ids.some((id) => id.includes(query)) ? 4 : null;
    }

    const WINDOWS = { "": () => true, any: ({ windows }) => windows !== "", none: ({ windows }) => windows === "" };

    function search() {
      clearTimeout(waiting);
      const query = plain($("sought").value.trim()), team = $("by-team").value, window = $("by-window").value, kind = $("by-class").value;
      const asked = query || team || window || kind;
      $("find-off").hidden = !asked;
      if (!asked) return show(null);
      const words = query.split(/\s+/), number = /^[+\d\s()-]+$/.test(query) ? dialled(query) : "";
      const fitsWindow = WINDOWS[window] || (({ windows }) => `=${windows}` === window);
      const ranked = [];
      for (const door of doors) {
        if (team && team !== (door.team === null ? "none" : String(door.team))) continue;
        if (!fitsWindow(door)) continue;
        if (kind && secret && secret.visits[door.visit].class !== kind) continue;
        const place = rank(door, query, words, number);
        if (place !== null) ranked.push([place, door]);
      }
      ranked.sort(([a], [b]) => a - b);
      // whoever names a door outright does not mean those that begin alike
      const best = query && ranked.length && ranked[0][0] === 0 ? ranked.filter(([place]) => place === 0) : ranked;
      return show(best.map(([, door]) => door));
    }

    function show(doors) {
      found = doors;
      const list = doors || [];
      $("found").textContent = doors === null ? "" : !list.length ? (secret ? words.not_found : words.not_found_hidden)
        : list.length === 1 ? words.found_one : words.found.replace("{n}", list.length);
      $("hits").replaceChildren(...list.slice(0, SHOWN).map(line));
      if (list.length > SHOWN) $("hits").append(element("li", "soft", words.more.replace("{n}", list.length - SHOWN)));
      onFound(doors);
    }

    function line(door) {
      const item = element("li");
      const button = item.appendChild(element("button"));
      button.type = "button";
      const where = door.team === null ? element("b", "nowhere", "!") : element("b", "", `${door.name} · ${door.number}`);
      where.dir = "auto";
      button.append(element("span", "", door.team === null ? "–" : clock(door.from_s)), where, Object.assign(element("span", "", door.visit), { dir: "auto" }), element("span", "soft", door.windows));
      const told = secret && secret.visits[door.visit];
      if (told) button.append(Object.assign(element("span", "who", [told.address, told.people.map(([, , name]) => name).filter(Boolean).join(", ")].filter(Boolean).join(" · ")), { dir: "auto" }));
      button.addEventListener("click", () => onPick(door));
      return item;
    }

    $("sought").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(search, doors.length > 3000 ? 200 : 60);
    });
    for (const id of ["by-team", "by-window", "by-class"]) $(id).addEventListener("change", search);
    $("find").addEventListener("submit", (event) => {
      event.preventDefault();
      search();
      if (found && found.length) onPick(found[0]);
    });
    $("find-off").addEventListener("click", () => {
      $("find").reset();
      search();
      $("sought").focus();
    });

    // Names are shown (or null: hidden again).
    return (shown) => {
      secret = shown;
      keys.clear();
      const kinds = $("by-class");
      kinds.value = "";
      kinds.disabled = !secret;
      while (kinds.options.length > 1) kinds.remove(1);
      for (const [value, text] of Object.entries(secret ? secret.classes : {})) kinds.add(new Option(text, value));
      $("sought").placeholder = secret ? words.search_names : words.search;
      if (!secret) $("find").reset(); // what was typed may be a name
      search();
    };
  };
})();
