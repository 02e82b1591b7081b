// One team's route on the map above its list. The list is there without this script.
(() => {
  "use strict";
  const route = Doorroute.data("route-data");
  const map = L.map("map", { zoomSnap: 0.25, maxZoom: 20, zoomControl: false, fadeAnimation: false, center: route.depots[0].at, zoom: 16 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);

  const { drawn, highlight } = Doorroute.routes(map, [route], {
    signs: route.depots.map(({ at }) => at),
    onLine: () => {},
    onPin: (team, pin) => document.getElementById(`stop-${pin.stops[0]}`).scrollIntoView({ behavior: "smooth" }),
  });
  highlight(0);
  for (const { at, name } of route.depots) Doorroute.sign(at, "depot", "⌂", name).addTo(map);
  Doorroute.closed(map, route.closed);
  const [{ line, pins }] = drawn;
  const bounds = pins.reduce((all, pin) => all.extend(pin.getLatLng()), L.latLngBounds(line.getBounds()));
  map.fitBounds(bounds, { padding: [26, 26], maxZoom: 18, animate: false });
  const ground = Doorroute.baseMap(Doorroute.data("map-data"), Doorroute.PALETTES[Doorroute.scheme()]).addTo(map);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    ground.setPalette(Doorroute.PALETTES[Doorroute.scheme()]);
    highlight(0);
  });

  for (const button of document.querySelectorAll(".show")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const pin = route.pins.find(({ stops }) => stops.includes(Number(button.dataset.stop)));
      map.setView(pin.at, 18);
      document.getElementById("map").scrollIntoView({ behavior: "smooth" });
    });
  }
})();
