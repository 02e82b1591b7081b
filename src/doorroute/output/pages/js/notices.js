// Notices: found by building, shown in one language or both, copied one by one or all at once.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const words = JSON.parse(find("words").textContent);
  const notices = [...document.querySelectorAll(".notice")];
  const said = find("said");

  const tongue = () => document.querySelector("[name=tongue]:checked").value;
  const shown = () => notices.filter((notice) => !notice.hidden);
  const text = (notice) => [...notice.querySelectorAll("[data-tongue]")].filter((part) => !part.hidden).map((part) => part.textContent.trim()).join("\n");

  // The clipboard is there on https and in files; elsewhere the old way still works.
  async function copy(all) {
    try {
      await navigator.clipboard.writeText(all);
      return true;
    } catch {
      const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: all, readOnly: true }));
      area.setAttribute("aria-hidden", "true");
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  function show() {
    const wanted = find("find").value.normalize("NFKC").toLowerCase().split(/\s+/);
    for (const notice of notices) {
      const name = notice.querySelector("h2 span").textContent.normalize("NFKC").toLowerCase();
      notice.hidden = !wanted.every((word) => name.includes(word));
      for (const part of notice.querySelectorAll("[data-tongue]")) part.hidden = Boolean(tongue()) && part.dataset.tongue !== tongue();
    }
    find("none").hidden = shown().length > 0;
    find("all").disabled = !shown().length;
  }

  async function copyOne(button) {
    const done = await copy(text(button.closest(".notice")));
    said.textContent = done ? "" : words.refused;
    if (!done) return;
    button.classList.add("done");
    button.textContent = `✓ ${words.copied}`;
    said.textContent = words.copied;
  }

  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copyOne(button));
  }
  find("all").addEventListener("click", async () => {
    const chosen = shown();
    said.textContent = await copy(chosen.map(text).join("\n\n")) ? words.copied_all.replace("{n}", chosen.length) : words.refused;
  });
  find("find").addEventListener("input", show);
  document.querySelectorAll("[name=tongue]").forEach((choice) => choice.addEventListener("change", show));
  find("bar").hidden = false;
  show();
})();
