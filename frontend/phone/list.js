// The panel of all doors in order, with what lies between them.
/** @import { Phone } from "./phone.js" */
import { clock } from "../lib/clock.js";
import { element } from "../lib/dom.js";
import { changeTags } from "./changes.js";
import { badge } from "./door.js";
import { STATUS } from "./marks.js";
import { autoText, button } from "./widgets.js";

/** @param {Phone} phone */
export function listPanel(phone) {
  const rows = element("ol", "rows");
  for (const step of phone.route.steps) {
    const row = rows.appendChild(element("li"));
    if (!step.number) {
      const { what } = /** @type {import("./types.js").Between} */ (step);
      row.className = "between";
      row.append(element("b", "", step.time), autoText("span", "", phone.said(what)));
      continue;
    }
    const door = /** @type {import("./types.js").Door} */ (step);
    const index = door.number - 1,
      { status, minute, note } = phone.markOf(index);
    const made = row.appendChild(button("row", "", () => phone.go(index)));
    const text = element("span", "text"),
      end = element("span", "end"),
      parts = element("span", "parts");
    parts.append(...door.way.map((part) => autoText("span", "", phone.said(part))));
    text.append(autoText("b", "", door.address), parts);
    end.append(
      element("b", "", status ? phone.word(STATUS[status]) : door.time),
      element("span", "", status ? clock(minute * 60) : door.windows),
    );
    made.append(badge(phone, index), text, end);
    if (!status) text.append(...changeTags(phone, door));
    if (door.class !== "regular")
      text.append(element("span", `tag ${door.class}`, phone.said(door.protection)));
    if (note) text.append(autoText("span", "note own", note));
    if (index === phone.at) made.setAttribute("aria-current", "true");
  }
  return [rows];
}
