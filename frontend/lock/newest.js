// Of two pages for one team and day the one made later must be used; both may be on one phone, or be open at
// once.
/** @import { Page } from "../phone/types.js" */
import { wallClock } from "../lib/clock.js";

/**
 * Watch for a newer page; `found` is called with when it was made, "" where there is none.
 * @param {Page} page
 * @param {(older: string) => void} found
 */
export function watchNewest(page, found) {
  const name = `doorroute/newest/${page.date}/${page.team}`;
  function look() {
    let older = "";
    try {
      const made = localStorage.getItem(name) || "";
      if (made > page.made) older = wallClock(new Date(made));
      if (made < page.made) localStorage.setItem(name, page.made);
    } catch {
      older = "";
    }
    found(older);
  }
  /** Take back that this page is the newest: it is not as it was made. */
  function forget() {
    try {
      if (localStorage.getItem(name) === page.made) localStorage.removeItem(name);
    } catch {
      // nothing was kept there
    }
  }
  addEventListener("storage", ({ key }) => {
    if (key === name) look();
  });
  return { look, forget };
}
