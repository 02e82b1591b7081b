// What a team sees and taps once its page is open. Texts of the route are only ever written as text.
(() => {
  "use strict";
  const { element } = Doorroute;
  const DONE = 1, AWAY = 2, REFUSED = 3, PARTLY = 4;
  const STATUS = ["pending", "done", "away", "refused", "partly"];
  const TABS = ["map", "door", "list", "send"];
  const TOAST_MS = 7000;
  const MOST_NOTE = 200;
  // An iPad says that it is a Mac; none of those has a touch screen.
  const SYSTEM = /Android/.test(navigator.userAgent) ? "android" : /iPhone|iPad|iPod|Macintosh.*Mobile/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1) ? "ios" : "other";

  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    svg.firstChild.setAttribute("href", `#i-${name}`);
    return svg;
  };
  const button = (className, text, tapped, picture) => {
    const made = element("button", className);
    made.type = "button";
    if (picture) made.append(icon(picture));
    if (text) made.append(element("span", "", text));
    made.addEventListener("click", tapped);
    return made;
  };
  const link = (className, text, href, picture) => {
    const made = element("a", className);
    Object.assign(made, { href, rel: "noreferrer noopener" });
    if (href.startsWith("https:")) made.target = "_blank"; // an app is opened from here
    if (picture) made.append(icon(picture));
    made.append(element("span", "", text));
    return made;
  };
  const parts = (texts) => {
    const made = element("span", "parts");
    made.append(...texts.map((text) => auto(element("span", "", text))));
    return made;
  };
  const auto = (made) => Object.assign(made, { dir: "auto" });
  const clockText = (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}${minute >= 1440 ? "+1" : ""}`;

  Doorroute.Phone = class {
    constructor({ page, look, route, mapBytes, keys, onLock, older }) {
      Object.assign(this, { page, look, route, keys, onLock, older, tab: "door", before: null, part: 0, seen: new Set() });
      this.doors = route.steps.filter((step) => step.number);
      this.progress = new Doorroute.Progress(page, keys.results, route.before, this.doors.map(({ seen }) => seen));
      this.body = document.getElementById("app-template").content.cloneNode(true);
      document.body.classList.add("unlocked");
      document.body.append(this.body);
      standIn(this.$("dialog"));
      this.at = this.firstOpen(0);
      this.$("lang").addEventListener("click", () => this.say(this.lang === "zh" ? "en" : "zh"));
      this.$("menu").addEventListener("click", () => this.menu());
      this.$("fit").addEventListener("click", () => this.map.whole());
      this.$("here").addEventListener("click", () => this.map.follow(() => this.toast(this.word("no_position"))));
      this.show(this.at < 0 ? "send" : "door", true);
      this.map = new Doorroute.PhoneMap(this.$("map"), route, this.doors, mapBytes, (index) => this.go(index));
      this.resized = () => this.map.resized();
      this.resize = window.ResizeObserver && new ResizeObserver(this.resized);
      if (this.resize) this.resize.observe(this.$("map"));
      else addEventListener("resize", this.resized);
      this.stored = (event) => {
        if (event.key === this.progress.name) this.progress.read();
        else if (!this.progress.adopt()) return;
        this.render();
      };
      addEventListener("storage", this.stored);
      this.render();
      if (route.changed && !this.told()) this.changes(true);
      else if (this.progress.adopted) this.toast(this.word("taken_over", { n: this.progress.adopted }));
    }

    // A newer page was opened beside this one, or this is it again.
    grow(older) {
      this.older = older;
      this.render();
    }

    $(id) {
      return document.getElementById(id);
    }

    get lang() {
      return this.look.lang;
    }

    word(key, params = {}) {
      return this.page.words[this.lang][key].replace(/\{(\w+)\}/g, (_, name) => params[name]);
    }

    said(text) {
      return (text && text[this.lang]) || "";
    }

    markOf = (index) => this.progress.mark(index);

    firstOpen(from) {
      for (let step = 0; step < this.doors.length; step++) {
        const index = (from + step) % this.doors.length;
        if (!this.markOf(index).status) return index;
      }
      return -1;
    }

    // -- moving about

    show(tab, quiet) {
      this.tab = tab;
      this.part = 0;
      this.sealed = null;
      document.body.dataset.tab = tab;
      if (quiet) return;
      this.$("toast").hidden = true;
      this.render();
      this.$("panel").scrollTop = 0;
      if (tab === "door") this.map.look(this.at);
      if (tab === "map") requestAnimationFrame(() => this.map.whole());
    }

    go(index) {
      this.at = index;
      this.show("door");
    }

    say(lang) {
      this.look.set("lang", lang);
      this.$("toast").hidden = true;
      this.render();
    }

    // -- marking

    set(index, changes, told) {
      this.before = { index, mark: { ...this.markOf(index) } };
      this.progress.set(index, changes);
      if (told) this.toast(told, () => this.undo());
      this.render();
    }

    finish(status) {
      const index = this.at, { number, people } = this.doors[index];
      const own = this.markOf(index).people;
      const each = people.map((_, i) => own[i] || status);
      const mixed = each.some((one) => one !== each[0]);
      const changes = { status: mixed ? PARTLY : each[0], people: mixed ? each : [], minute: this.minuteNow() };
      const next = this.firstOpen(index + 1);
      this.at = next === index ? -1 : next;
      this.set(index, changes, `${number} · ${this.word(STATUS[changes.status])}`);
      this.$("panel").scrollTop = 0;
    }

    person(place, status) {
      const index = this.at, { people } = this.doors[index];
      const each = people.map((_, i) => this.markOf(index).people[i] || 0);
      each[place] = each[place] === status ? 0 : status;
      const all = each.every(Boolean), mixed = each.some((one) => one !== each[0]);
      this.set(index, { people: each, status: all ? (mixed ? PARTLY : each[0]) : 0, minute: all ? this.minuteNow() : 0 });
    }

    undo() {
      const { index, mark } = this.before || {};
      if (index === undefined) return;
      this.before = null;
      const { status, minute, people, note } = mark;
      this.progress.set(index, { status, minute, people, note });
      this.at = index;
      this.show("door");
      this.toast(this.word("undone", { number: this.doors[index].number }));
    }

    // -- drawing

    render() {
      document.documentElement.lang = this.lang === "zh" ? "zh-CN" : this.lang;
      const marks = this.doors.map((_, index) => this.markOf(index));
      const done = marks.filter(({ status }) => status).length, all = this.doors.length;
      this.$("team").textContent = this.route.team;
      this.$("count").replaceChildren(element("b", "", `${done} / ${all}`), element("span", "", this.route.date));
      Object.assign(this.$("lang"), { textContent: this.lang === "zh" ? "EN" : "中文", lang: this.lang === "zh" ? "en" : "zh-CN" });
      this.$("lang").ariaLabel = this.lang === "zh" ? "English" : "中文";
      for (const [id, key] of [["menu", "menu"], ["fit", "all"], ["here", "here"], ["map", "map"]]) this.$(id).setAttribute("aria-label", this.word(key));
      const bar = this.$("bar");
      bar.setAttribute("aria-label", this.word("progress", { done, all }));
      bar.replaceChildren(...[DONE, PARTLY, AWAY, REFUSED].map((status) => {
        const part = element("i", STATUS[status]);
        part.style.flexGrow = marks.filter((mark) => mark.status === status).length;
        return part;
      }), Object.assign(element("i"), { style: `flex-grow:${all - done}` }));
      this.$("tabs").replaceChildren(...TABS.map((tab) => {
        const made = button("tab", this.word(tab), () => this.show(tab), tab);
        if (tab === this.tab) made.setAttribute("aria-current", "page");
        return made;
      }));
      this.warnings();
      const panel = this.$("panel"), scrolled = panel.scrollTop;
      const drawn = { map: () => [], door: () => this.door(), list: () => this.list(), send: () => this.send() }[this.tab]();
      panel.replaceChildren(...drawn);
      panel.scrollTop = scrolled;
      this.$("actions").replaceChildren(...(this.tab === "door" ? this.actions() : []));
      if (this.map) this.map.show(this.at, this.markOf);
    }

    // The night after the day of a route that goes on past midnight.
    afterMidnight(now) {
      const hours = (now.getTime() - new Date(`${this.route.date}T00:00`).getTime()) / 3600000;
      return this.route.next_day && hours >= 24 && hours < 34;
    }

    minuteNow() {
      const now = new Date();
      return now.getHours() * 60 + now.getMinutes() + (this.afterMidnight(now) ? 1440 : 0);
    }

    warnings() {
      const told = [];
      if (!this.progress.kept) told.push(this.word("no_storage"));
      if (this.route.next_day) told.push(this.word("next_day"));
      if (this.older) told.push(this.word("old", { time: this.older }));
      const now = new Date(), date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
      if (/^\d{4}-\d\d-\d\d$/.test(this.route.date) && date !== this.route.date && !this.afterMidnight(now)) told.push(this.word("clock", { date, planned: this.route.date }));
      const fresh = told.filter((text) => !this.seen.has(text));
      this.$("notices").replaceChildren(...fresh.map((text) => {
        const row = element("p", "", text);
        row.append(button("seen", "✕", () => {
          this.seen.add(text);
          this.render();
        }));
        row.lastChild.setAttribute("aria-label", this.word("close"));
        return row;
      }));
    }

    badge(index) {
      const { status } = this.markOf(index);
      const made = element("b", `badge ${STATUS[status]}`);
      if (status) made.append(icon(STATUS[status]));
      else made.textContent = this.doors[index].number;
      if (!status) made.style.borderColor = this.route.colour;
      return made;
    }

    door() {
      if (this.at < 0) {
        return [element("h2", "finished", this.word("all_marked")), element("p", "", this.word("all_marked_hint")),
          button("big fill", this.word("send"), () => this.show("send"), "send")];
      }
      const door = this.doors[this.at], mark = this.markOf(this.at);
      const head = element("div", "head");
      const title = head.appendChild(element("div"));
      title.append(auto(element("h2", "", door.address)));
      if (door.way.length) {
        const way = title.appendChild(element("p", "way"));
        for (const part of door.way) way.append(auto(element("span", "", this.said(part))));
      }
      head.prepend(this.badge(this.at));
      const facts = element("p", "facts");
      facts.append(element("b", "time", door.time), ...this.changed(door));
      if (door.windows) facts.append(element("span", "only", this.word("only", { hours: door.windows })));
      const metres = Math.round(this.map ? this.map.walk(this.at) / 10 : 0) * 10;
      if (metres) facts.append(element("span", "walk", this.word("walk", { m: metres })));
      facts.append(element("span", "count", this.word("to_sample", { n: door.people.reduce((sum, { count }) => sum + count, 0) })));
      const by = this.said(door.by) ? [auto(element("p", "by", this.said(door.by)))] : [];
      const worn = element("p", `class ${door.class}`);
      worn.append(element("b", "", this.said(door.protection)));
      if (this.said(door.instruction)) worn.append(" ", element("span", "", this.said(door.instruction)));
      const result = [];
      if (mark.status) {
        const told = element("p", `result ${STATUS[mark.status]}`);
        told.append(icon(STATUS[mark.status]), element("b", "", this.word(STATUS[mark.status])), element("span", "", clockText(mark.minute)));
        result.push(told);
        if (mark.known) result.push(element("p", "soft", this.word("known")));
      }
      return [head, ...result, facts, worn, this.people(door, mark), ...this.noted(mark), ...by];
    }

    people(door, mark) {
      const many = door.people.length > 1;
      const list = element("ul", "people");
      door.people.forEach((person, place) => {
        const row = list.appendChild(element("li"));
        const name = row.appendChild(auto(element("p", "name", person.name)));
        if (person.count > 1) name.append(element("span", "times", ` × ${person.count}`));
        if (person.note) row.append(auto(element("p", "note", person.note)));
        const shown = Object.keys(person.phones).filter((part) => !person.phones[part]);
        if (person.phone && !Object.keys(person.phones).length) shown.push(person.phone);
        for (const part of shown) row.append(auto(element("p", "soft", part)));
        if (mark.known && mark.status === PARTLY) name.append(element("span", "times", ` · ${this.word(STATUS[mark.people[place]])}`));
        if (!many || mark.known) return;
        const choices = row.appendChild(element("div", "choices"));
        for (const status of [DONE, AWAY, REFUSED]) {
          const one = button(`choice ${STATUS[status]}`, "", () => this.person(place, status), STATUS[status]);
          const chosen = (mark.people[place] || (mark.status !== PARTLY && mark.status)) === status;
          one.setAttribute("aria-pressed", String(chosen));
          one.setAttribute("aria-label", `${person.name}: ${this.word(STATUS[status])}`);
          choices.append(one);
        }
      });
      return list;
    }

    // Calling and finding the way are always in sight, however long the words above are.
    ways(door) {
      const row = element("div", "pair");
      const phones = [];
      for (const { name, phones: own } of door.people) for (const [shown, href] of Object.entries(own)) if (href) phones.push([`${name} ${shown}`, href]);
      if (phones.length === 1) row.append(link("big line", this.word("call"), phones[0][1], "call"));
      if (phones.length > 1) row.append(button("big line", this.word("call"), () => this.choose(this.word("phones"), phones.map(([text, href]) => link("big line", text, href, "call"))), "call"));
      row.append(button("big line", this.word("navigate"), () => this.navigate(door), "navigate"));
      return row;
    }

    navigate(door) {
      const coordinates = door.at.map((part) => part.toFixed(5)).join(", ");
      this.choose(this.word("navigate"), [
        element("p", "soft", this.word("navigate_hint")),
        ...door.links.filter(({ on }) => on.includes(SYSTEM)).map(({ name, href }) => link("big line", this.said(name), href, "navigate")),
        button("big line", this.word("copy_place"), async () => this.toast(this.word((await copied(coordinates)) ? "copied" : "not_copied"))),
        element("p", "soft", `${coordinates} (WGS 84)`),
      ]);
    }

    noted({ note }) {
      return note ? [auto(element("p", "note own", note))] : [];
    }

    actions() {
      if (this.at < 0) return [];
      const { status } = this.markOf(this.at);
      const ways = this.ways(this.doors[this.at]);
      const note = button("big line", this.word("note"), () => this.note(), "note");
      if (status) {
        const next = this.firstOpen(this.at + 1);
        const index = this.at;
        const change = this.markOf(index).known ? [] : [button("big line", this.word("undo"), () => this.set(index, { status: 0, minute: 0, people: [] })), note];
        return [ways, ...change,
          button("big fill wide", this.word(next < 0 ? "send" : "next"), () => (next < 0 ? this.show("send") : this.go(next)), next < 0 ? "send" : "door")];
      }
      return [
        ways,
        button("big done", this.word("done"), () => this.finish(DONE), "done"),
        button("big away", this.word("away"), () => this.finish(AWAY), "away"),
        button("big refused", this.word("refused"), () => this.finish(REFUSED), "refused"),
        note,
      ];
    }

    // -- what changed

    get seenName() {
      return `doorroute/seen/${this.page.route}`;
    }

    told() {
      try {
        return localStorage.getItem(this.seenName) === this.page.made;
      } catch {
        return false;
      }
    }

    changes(first) {
      const doors = (change) => this.doors.filter((door) => door.change === change);
      const group = (key, lines) => (lines.length ? [element("h3", "", this.word(key)), lines.reduce((list, line) => {
        list.append(line);
        return list;
      }, element("ul", `changes ${key}`))] : []);
      const line = (number, address, told) => {
        const row = element("li");
        row.append(element("b", "", number), auto(element("span", "", address)), auto(element("span", "soft", told)));
        return row;
      };
      const now = (door) => line(door.number, door.address, door.was ? `${door.time} (${this.word("was", { time: door.was })})` : door.time);
      const gone = ({ number, address, team }) => line(number, address, team ? this.word("gone_to", { team }) : this.word("gone_nobody"));
      const told = [...group("now_new", doors("new").map(now)), ...group("now_moved", doors("moved").map(now)), ...group("now_gone", this.route.gone.map(gone))];
      if (!told.length) told.push(element("p", "", this.word("changes_none")));
      if (this.progress.adopted) told.push(element("p", "soft", this.word("taken_over", { n: this.progress.adopted })));
      const understood = button("big fill", this.word("understood"), () => {
        this.$("dialog").close();
        try {
          localStorage.setItem(this.seenName, this.page.made);
        } catch {
          // it is told again, then
        }
      });
      this.choose(this.word("changes"), first ? [...told, understood] : told, !first);
    }

    changed({ change, was }) {
      return [...(change ? [element("span", `tag ${change}`, this.word(change))] : []), ...(was ? [element("span", "was", this.word("was", { time: was }))] : [])];
    }

    note() {
      const index = this.at;
      const text = element("textarea");
      Object.assign(text, { value: this.markOf(index).note, maxLength: MOST_NOTE, rows: 3, dir: "auto" });
      text.setAttribute("aria-label", this.word("note_hint"));
      const ready = element("div", "phrases");
      for (const key of ["note_1", "note_2", "note_3", "note_4"]) {
        ready.append(button("phrase", this.word(key), () => {
          text.value = `${text.value} ${this.word(key)}`.trim().slice(0, MOST_NOTE);
        }));
      }
      const keep = button("big fill", this.word("save"), () => this.$("dialog").close());
      this.choose(this.word("note_of", { number: this.doors[index].number }), [element("p", "soft", this.word("note_hint")), text, ready, keep]);
      // Saved, closed, Escape, the back gesture: what was typed is kept, and can be undone.
      this.keepNote = () => {
        this.keepNote = null;
        const note = text.value.trim();
        if (note !== this.markOf(index).note) this.set(index, { note }, this.word("noted"));
      };
      this.$("dialog").addEventListener("close", () => this.keepNote && this.keepNote(), { once: true });
    }

    list() {
      const rows = element("ol", "rows");
      for (const step of this.route.steps) {
        const row = rows.appendChild(element("li"));
        if (!step.number) {
          row.className = "between";
          row.append(element("b", "", step.time), auto(element("span", "", this.said(step.what))));
          continue;
        }
        const index = step.number - 1, mark = this.markOf(index);
        const made = row.appendChild(button("row", "", () => this.go(index)));
        const text = element("span", "text");
        text.append(auto(element("b", "", step.address)), parts(step.way.map((part) => this.said(part))));
        const end = element("span", "end");
        end.append(element("b", "", mark.status ? this.word(STATUS[mark.status]) : step.time), element("span", "", mark.status ? clockText(mark.minute) : step.windows));
        made.append(this.badge(index), text, end);
        if (!mark.status) text.append(...this.changed(step));
        if (step.class !== "regular") text.append(element("span", `tag ${step.class}`, this.said(step.protection)));
        if (mark.note) text.append(auto(element("span", "note own", mark.note)));
        if (index === this.at) made.setAttribute("aria-current", "true");
      }
      return [rows];
    }

    // -- handing in

    send() {
      const all = this.doors.length;
      const left = this.doors.filter((_, index) => !this.markOf(index).status).length;
      const packed = Doorroute.packResults(this.progress, all);
      this.sealed = this.sealed || Doorroute.seal(packed, this.keys.results, this.page.purposes.results, this.page.route);
      const { pictures, text } = Doorroute.resultTexts(this.sealed, this.page.route);
      this.part %= pictures.length;
      const canvas = element("canvas", "qr");
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", this.word("part", { number: this.part + 1, of: pictures.length }));
      Doorroute.drawQr(canvas, pictures[this.part]);
      const several = [];
      if (pictures.length > 1) {
        const next = () => {
          this.part += 1;
          this.render();
        };
        several.push(element("p", "part", this.word("part", { number: this.part + 1, of: pictures.length })), button("big fill", this.word("next_part"), next));
      }
      const name = `results-${this.route.team.replace(/[^\p{L}\p{N}_-]+/gu, "_").slice(0, 40)}.txt`;
      const post = served() ? [button("big fill", this.word("post"), async () => this.toast(this.word((await posted(text)) ? "posted" : "not_posted")), "send")] : [];
      const share = navigator.share ? [button("big line", this.word("share"), () => navigator.share({ title: name, text }).catch(() => {}), "send")] : [];
      return [
        element("h2", "", this.word("results", { done: all - left, all })),
        element("p", left ? "left" : "none-left", left ? this.word("left", { n: left }) : this.word("none_left")),
        element("p", "", this.word("scan")), canvas, ...several, element("p", "soft", this.word("sealed")), ...post, ...share,
        button("big line", this.word("file"), () => {
          download(name, `${text}\n`);
          this.toast(this.word("saved"));
        }),
        button("big line", this.word("copy"), async () => this.toast(this.word((await copied(text)) ? "copied" : "not_copied"))),
        button("big grave", this.word("erase"), () => this.choose(this.word("erase"), [
          element("p", "", this.word("erase_hint")),
          button("big grave", this.word("erase_yes"), () => {
            this.progress.erase();
            this.onLock("erased");
          }),
        ])),
      ];
    }

    // -- what lies above the page

    menu() {
      const dark = Doorroute.scheme() === "dark";
      this.choose(this.word("menu"), [
        button("big line", this.word(dark ? "light" : "dark"), () => {
          this.look.set("theme", dark ? "light" : "dark");
          this.map.recolour(this.markOf);
          this.menu();
        }),
        button("big line", this.word(this.look.size === "large" ? "normal" : "large"), () => {
          this.look.set("size", this.look.size === "large" ? "normal" : "large");
          this.menu();
        }),
        ...(this.route.changed ? [button("big line", this.word("changes"), () => this.changes())] : []),
        button("big line", this.word("lock"), () => this.onLock()),
        element("p", "soft", this.word("private")),
        element("p", "soft", this.word("credit")),
      ]);
    }

    choose(title, content, closes = true) {
      const dialog = this.$("dialog");
      const close = closes ? [button("big line", this.word("close"), () => dialog.close())] : [];
      const heading = auto(element("h2", "", title));
      Object.assign(heading, { tabIndex: -1, autofocus: true }); // else a long dialog opens at its first button, scrolled past what it says
      dialog.replaceChildren(heading, ...content, ...close);
      dialog.setAttribute("aria-label", title);
      if (!dialog.open) dialog.showModal();
    }

    toast(text, undo) {
      const toast = this.$("toast");
      if (this.$("dialog").open) this.$("dialog").close();
      toast.replaceChildren(element("b", "", text));
      if (undo) toast.append(button("", this.word("undo"), undo));
      toast.hidden = false;
      clearTimeout(this.hide);
      this.hide = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
    }

    close() {
      if (this.keepNote) this.keepNote();
      removeEventListener("storage", this.stored);
      removeEventListener("resize", this.resized);
      clearTimeout(this.hide);
      if (this.resize) this.resize.disconnect();
      this.map.remove();
      Doorroute.clear();
      for (const key of Object.values(this.keys)) key.fill(0);
    }
  };

  // Where a browser knows no dialogs (iPhones before iOS 15.4), one that stands above the page does.
  function standIn(dialog) {
    if (dialog.showModal) return;
    dialog.classList.add("stand-in");
    Object.defineProperty(dialog, "open", { get: () => dialog.hasAttribute("open") });
    dialog.showModal = () => dialog.setAttribute("open", "");
    dialog.close = () => {
      if (!dialog.open) return;
      dialog.removeAttribute("open");
      dialog.dispatchEvent(new Event("close"));
    };
  }

  // Where a server gave this page, its results can go back there; a page opened from a file reaches nobody.
  const served = () => /^https?:$/.test(location.protocol);

  async function posted(text) {
    try {
      const answer = await fetch("/results", { method: "POST", headers: { "Content-Type": "text/plain; charset=utf-8" }, body: text, credentials: "same-origin", cache: "no-store", redirect: "error" });
      return answer.ok;
    } catch {
      return false;
    }
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.body.appendChild(element("textarea", "offscreen"));
      field.value = text;
      field.select();
      const worked = document.execCommand("copy");
      field.remove();
      return worked;
    }
  }

  function download(name, text) {
    const made = document.body.appendChild(element("a"));
    made.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    made.download = name;
    made.click();
    made.remove();
    setTimeout(() => URL.revokeObjectURL(made.href), 60000);
  }
})();
