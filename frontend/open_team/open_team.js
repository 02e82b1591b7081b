// One team's route on the map above its list. The list is there without this script.
/** @import { ClosedData, Depot, RouteData } from "../lib/types.js" */
import "../lib/older.js";
import { all, byId, data } from "../lib/dom.js";
import { addBaseMap } from "../lib/map/basemap.js";
import { addRoutes, boundsOf } from "../lib/map/routes.js";
import { addClosed, depotSign } from "../lib/map/signs.js";
import { streetMap } from "../lib/map/street_map.js";

/** @type {RouteData & { depots: Depot[], closed: ClosedData }} */
const route = data("route-data");
const map = streetMap("map", { zoomSnap: 0.25, zoomControl: false, center: route.depots[0].at, zoom: 16 });
L.control.zoom({ position: "topright" }).addTo(map);

const { drawn, highlight } = addRoutes(map, [route], {
  signs: route.depots.map(({ at }) => at),
  onPin: (_, pin) => byId(`stop-${pin.stops[0]}`).scrollIntoView({ behavior: "smooth" }),
});
highlight(0);
for (const { at, name } of route.depots) depotSign(at, name).addTo(map);
addClosed(map, route.closed);
map.fitBounds(boundsOf(drawn), { padding: [26, 26], maxZoom: 18, animate: false });
addBaseMap(map, () => highlight(0));

for (const button of all(".show")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const pin = route.pins.find(({ stops }) => stops.includes(Number(button.dataset.stop)));
    if (pin) map.setView(pin.at, 18);
    byId("map").scrollIntoView({ behavior: "smooth" });
  });
}
