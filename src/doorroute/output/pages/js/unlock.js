// The lock: asks for the code, opens the page with it, and closes it when nobody touches it any more.
(() => {
  "use strict";

  const page = JSON.parse(document.getElementById("page-data").textContent);
  const IDLE_MS = page.idle_min * 60 * 1000;
  const $ = (id) => document.getElementById(id);
  let phone = null, touched = 0;

  // How the page looks is remembered, in clear: it says nothing about anybody.
  const look = { lang: page.lang, theme: "", size: "normal" };
  try {
    Object.assign(look, JSON.parse(localStorage.getItem("doorroute/look") || "{}"));
  } catch {
    // as the page was made, then
  }
  if (!(look.lang in page.words)) look.lang = page.lang;
  look.set = (name, value) => {
    look[name] = value;
    wear();
    try {
      const { lang, theme, size } = look;
      localStorage.setItem("doorroute/look", JSON.stringify({ lang, theme, size }));
    } catch {
      // until the page is closed, then
    }
  };

  function wear() {
    const { dataset } = document.documentElement;
    if (look.theme) dataset.theme = look.theme;
    dataset.size = look.size;
    document.documentElement.lang = look.lang === "zh" ? "zh-CN" : look.lang;
    for (const spot of document.querySelectorAll("[data-word]")) spot.textContent = page.words[look.lang][spot.dataset.word].replace(/\{(\w+)\}/g, (_, name) => spot.dataset[name]);
    $("lock-lang").textContent = look.lang === "zh" ? "English" : "中文";
    $("older").textContent = newest.older ? page.words[look.lang].old.replace("{time}", newest.older) : "";
    $("older").hidden = !newest.older;
  }

  // Of two pages for one team and day the one made later is to be used; both may lie on one phone, or be open at once.
  const newest = { name: `doorroute/newest/${page.date}/${page.team}`, older: "" };
  newest.look = () => {
    try {
      const made = localStorage.getItem(newest.name) || "";
      newest.older = made > page.made ? timeOf(made) : "";
      if (made < page.made) localStorage.setItem(newest.name, page.made);
    } catch {
      newest.older = "";
    }
    wear();
    if (phone) phone.grow(newest.older);
  };
  newest.forget = () => {
    try {
      if (localStorage.getItem(newest.name) === page.made) localStorage.removeItem(newest.name);
    } catch {
      // nothing was kept there
    }
  };
  addEventListener("storage", ({ key }) => key === newest.name && newest.look());

  const timeOf = (iso) => {
    const at = new Date(iso);
    return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  };

  function say(key) {
    $("said").textContent = key ? page.words[look.lang][key].replace("{minutes}", page.idle_min) : "";
  }

  // After two frames, so that "Opening" is seen while the key is made.
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

  async function unlock(event) {
    event.preventDefault();
    const code = Doorroute.plainCode($("code").value);
    if (code.length !== 10) return say("wrong");
    say("opening");
    await painted();
    let keys, plain;
    try {
      keys = Doorroute.keys(code, page.route);
      plain = Doorroute.unseal(Doorroute.fromBase64($("sealed").textContent.trim()), keys.page, page.purposes.page, page.route);
    } catch {
      $("code").select();
      return say("wrong");
    }
    let later, opened;
    try {
      later = new TextDecoder().decode(Doorroute.gunzip(Doorroute.fromBase64($("later").textContent)));
      opened = parse(Doorroute.gunzip(plain));
    } catch {
      return say("broken");
    }
    if (!asMade(opened.route.clear)) {
      newest.forget();
      return say("changed_file");
    }
    $("code").value = "";
    say("");
    $("lock").hidden = true;
    touched = Date.now();
    try {
      runLater(later);
      phone = new Doorroute.Phone({ page, look, ...opened, keys, onLock: lock, older: newest.older });
    } catch {
      return giveUp("too_old");
    }
    document.documentElement.dataset.open = "yes";
    return undefined;
  }

  // What is in clear is sealed too, word for word; and what the lock shows must be that.
  function asMade(clear) {
    const plain = (text) => text.replace(/[\s\0\ufffd]+/g, " ").trim();
    const shown = [$("lock-team").textContent, $("lock-date").textContent], told = [page.team, page.date];
    for (const spot of document.querySelectorAll("#lock [data-n]")) shown.push(spot.dataset.n);
    for (const spot of document.querySelectorAll("#lock [data-time]")) shown.push(spot.dataset.time);
    for (const spot of document.querySelectorAll("[data-help] > *")) shown.push(spot.textContent, spot.getAttribute("href") || "");
    told.push(String(page.doors), page.as_of);
    for (const number of page.dispatcher) told.push(...number);
    return clear === $("page-data").textContent && shown.map(plain).join("\n") === told.map(plain).join("\n");
  }

  // What was begun goes away again: half a route is worse than none.
  function giveUp(why) {
    Doorroute.clear();
    $("lock").hidden = false;
    say(why);
    $("stuck").hidden = false;
  }

  // Leaflet and what shows the route come packed: nobody needs them before the code was right, and they are a quarter of their size.
  // The page's policy allows this one text by its hash (assets.py), and no other that anything could put here.
  function runLater(text) {
    if (Doorroute.Phone) return;
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
    if (!Doorroute.Phone) throw new Error("this browser cannot run it");
  }

  // Of what shows the route, nothing stays in the page.
  Doorroute.clear = () => {
    for (const id of ["panel", "dialog"]) if ($(id)) $(id).replaceChildren();
    for (const child of [...document.body.children]) if (child.matches(".top, .notices, .stage, .tabs, .toast, dialog")) child.remove();
    document.body.classList.remove("unlocked");
  };

  // Four bytes say how long the route's JSON is; the base map follows it.
  function parse(bytes) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return { route: JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), mapBytes: bytes.subarray(4 + length) };
  }

  function lock(why) {
    phone.close();
    phone = null;
    delete document.documentElement.dataset.open;
    delete document.documentElement.dataset.map;
    $("lock").hidden = false;
    say(why);
  }

  const idle = () => {
    if (phone && Date.now() - touched > IDLE_MS) lock("idle");
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => {
      idle(); // a phone that slept has run no timer
      touched = Date.now();
    }, { capture: true, passive: true });
  }
  setInterval(idle, 10000);
  document.addEventListener("visibilitychange", idle);

  $("unlock").hidden = $("lock-lang").hidden = false;
  $("stuck").hidden = true;
  // A fault after the page was opened is told above everything: whoever taps and sees nothing happen would wait.
  addEventListener("securitypolicyviolation", () => say("broken")); // the policy refused a script: not the text that the page was made with
  for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, () => phone && phone.toast(page.words[look.lang].fault));
  $("unlock").addEventListener("submit", unlock);
  $("lock-lang").addEventListener("click", () => look.set("lang", look.lang === "zh" ? "en" : "zh"));
  newest.look();
})();
