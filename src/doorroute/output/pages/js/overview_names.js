// Whose doors they are: sealed in the page, shown for the dispatcher's code, and hidden again when asked or when nobody is there.
(() => {
  "use strict";

  const $ = (id) => document.getElementById(id);
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

  // `onChange` hears what was unsealed, or null.
  Doorroute.names = ({ route, purpose, words, idle_min: idleMin }, onChange) => {
    let open = false, touched = 0;

    function turn(secret) {
      open = secret !== null;
      touched = Date.now();
      $("names-show").hidden = $("names-hint").hidden = open;
      $("names-hide").hidden = $("names-open").hidden = !open;
      ask(false);
      onChange(secret);
    }

    function ask(now) {
      $("names-form").hidden = !now;
      $("names-show").setAttribute("aria-expanded", String(now));
      $("names-code").value = "";
      if (now) $("names-code").focus();
    }

    function say(text) {
      $("names-said").textContent = text;
    }

    async function show(event) {
      event.preventDefault();
      const code = Doorroute.plainCode($("names-code").value);
      if (code.length !== 10) return say(words.wrong_code);
      say(words.opening);
      await painted();
      let secret;
      try {
        const sealed = Doorroute.fromBase64($("sealed").textContent.trim());
        const plain = Doorroute.unseal(sealed, Doorroute.keys(code, route).page, purpose, route);
        secret = JSON.parse(new TextDecoder().decode(Doorroute.gunzip(plain)));
      } catch {
        $("names-code").select();
        return say(words.wrong_code);
      }
      say("");
      turn(secret);
      $("names-hide").focus();
      return undefined;
    }

    function idle() {
      if (!open || Date.now() - touched < idleMin * 60 * 1000) return;
      turn(null);
      say(words.idle.replace("{minutes}", idleMin));
    }

    $("names-show").addEventListener("click", () => {
      say("");
      ask($("names-form").hidden);
    });
    $("names-hide").addEventListener("click", () => {
      turn(null);
      $("names-show").focus();
    });
    $("names-form").addEventListener("submit", show);
    for (const kind of ["pointerdown", "keydown", "wheel"]) {
      addEventListener(kind, () => {
        idle(); // a computer that slept has run no timer
        touched = Date.now();
      }, { capture: true, passive: true });
    }
    setInterval(idle, 10000);
  };
})();
