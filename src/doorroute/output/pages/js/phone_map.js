// The team's map: its route, the way to the next door over it, what became of each door, and where the phone is.
(() => {
  "use strict";

  const NEXT = { light: ["#d0002a", "#ffffff"], dark: ["#ffd60a", "#141414"] };
  const SIGNS = [null, ["✓", "#00613f", "#ffffff"], ["⌂", "#8a4600", "#ffffff"], ["✕", "#8d0a3c", "#ffffff"], ["½", "#4a3f9e", "#ffffff"]];

  Doorroute.PhoneMap = class {
    constructor(box, route, doors, mapBytes, onDoor) {
      Object.assign(this, { route, doors, current: -1, next: [] });
      this.line = Doorroute.line(route.line);
      this.map = L.map(box, { zoomSnap: 0.25, maxZoom: 20, zoomControl: false, fadeAnimation: false, center: route.depots[0].at, zoom: 16 });
      this.map.attributionControl.setPrefix(false);
      L.control.scale({ imperial: false }).addTo(this.map);
      L.control.zoom({ position: "topright" }).addTo(this.map);
      this.routes = Doorroute.routes(this.map, [route], {
        signs: route.depots.map(({ at }) => at),
        onLine: () => {},
        onPin: (_, pin) => onDoor(pin.stops[0] - 1),
      });
      this.routes.highlight(0);
      for (const { at, name } of route.depots) Doorroute.sign(at, "depot", "⌂", name).addTo(this.map);
      Doorroute.closed(this.map, route.closed);
      this.ground = Doorroute.baseMap({ ...route.map, bytes: mapBytes }, Doorroute.PALETTES[Doorroute.scheme()]).addTo(this.map);
      this.map.fitBounds(this.everything(), { padding: [26, 26], maxZoom: 18, animate: false });
    }

    everything() {
      return this.doors.reduce((all, { at }) => all.extend(at), L.latLngBounds(this.line));
    }

    whole() {
      this.map.invalidateSize({ animate: false });
      this.map.fitBounds(this.everything(), { padding: [30, 30], maxZoom: 18, animate: false });
    }

    // The way to a door, from the one before it on the route.
    leg(index) {
      const { ends } = this.route;
      return this.line.slice(index ? ends[index - 1] : 0, ends[index] + 1);
    }

    walk(index) {
      const points = this.leg(index).map((at) => L.latLng(at));
      return points.slice(1).reduce((sum, point, i) => sum + point.distanceTo(points[i]), 0);
    }

    show(index, markOf) {
      const [colour, ink] = NEXT[Doorroute.scheme()];
      for (const layer of this.next) layer.remove();
      this.next = [];
      if (index >= 0) {
        const leg = this.leg(index), { at } = this.doors[index];
        if (leg.length > 1) this.next.push(this.routes.stretch(leg, colour, ink));
        const end = leg[leg.length - 1];
        if (L.latLng(end).distanceTo(at) > 4) {
          const { renderer } = this.routes; // from the street to the door nobody drew a way
          const dots = (weight, color) => L.polyline([end, at], { renderer, interactive: false, color, weight, dashArray: "0.5 9", lineCap: "round", opacity: 1 });
          this.next.push(dots(7, "#ffffff").addTo(this.map), dots(5, colour).addTo(this.map));
        }
      }
      const [{ pins }] = this.routes.drawn;
      pins.forEach((pin, i) => {
        const stops = this.route.pins[i].stops.map((number) => number - 1);
        const here = stops.includes(index);
        const statuses = stops.map((stop) => markOf(stop).status);
        const sign = statuses.every(Boolean) ? SIGNS[Math.max(...statuses)] : null;
        pin.setMark({ ...(sign && { label: sign[0], colour: sign[1], ink: sign[2] }), ring: here ? colour : null });
        pin.bringToFront(); // over the way to the next door
      });
      if (index !== this.current) this.look(index);
      this.current = index;
    }

    look(index) {
      this.map.invalidateSize({ animate: false });
      if (index < 0) return this.map.fitBounds(this.everything(), { padding: [30, 30], maxZoom: 18, animate: false });
      const bounds = L.latLngBounds(this.leg(index)).extend(this.doors[index].at);
      const edge = Math.max(20, Math.min(38, this.map.getSize().y * 0.16)); // on a small phone the map is low: the way shall fill it
      return this.map.fitBounds(bounds, { paddingTopLeft: [34, edge], paddingBottomRight: [74, edge], maxZoom: 18, animate: false });
    }

    resized() {
      this.map.invalidateSize({ animate: false });
    }

    recolour(markOf) {
      this.ground.setPalette(Doorroute.PALETTES[Doorroute.scheme()]);
      this.routes.highlight(0);
      this.show(this.current, markOf);
    }

    // Follows the phone until it is switched off; `failed` is called where it does not tell.
    follow(failed) {
      if (!navigator.geolocation) return failed();
      if (this.watching) return this.me && this.map.panTo(this.me.getLatLng());
      this.watching = navigator.geolocation.watchPosition(({ coords: { latitude, longitude, accuracy } }) => {
        const at = [latitude, longitude];
        if (this.me) {
          this.me.setLatLng(at);
          this.around.setLatLng(at).setRadius(accuracy);
          return;
        }
        this.around = L.circle(at, { radius: accuracy, color: "#0a6cff", weight: 1, fillOpacity: 0.12, interactive: false }).addTo(this.map);
        this.me = L.circleMarker(at, { radius: 9, color: "#ffffff", weight: 3, fillColor: "#0a6cff", fillOpacity: 1, interactive: false }).addTo(this.map);
        this.map.fitBounds(L.latLngBounds([at, this.current >= 0 ? this.doors[this.current].at : at]), { padding: [50, 50], maxZoom: 18 });
      }, ({ code, PERMISSION_DENIED }) => {
        // in a stairwell it is not found for a while: the place known last stays, and it goes on looking
        if (code === PERMISSION_DENIED) this.stop();
        if (code === PERMISSION_DENIED || !this.me) failed();
      }, { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 });
      return undefined;
    }

    stop() {
      if (this.watching) navigator.geolocation.clearWatch(this.watching);
      this.watching = null;
    }

    remove() {
      this.stop();
      this.map.remove();
    }
  };
})();
