// Leaflet is a script of its own on each page (the global `L`); these members are its own, not of its documented interface.
import * as L from "leaflet";

declare module "leaflet" {
  interface Canvas {
    _ctx: CanvasRenderingContext2D | undefined;
    _drawing: boolean;
    _redraw(): void;
  }
  interface Path {
    _renderer: Canvas;
  }
  interface Polyline {
    _parts: L.Point[][];
    _updatePath(): void;
  }
  interface CircleMarker {
    _latlng: L.LatLng;
    _point: L.Point;
    _radius: number;
    _pxBounds: L.Bounds;
    _empty(): boolean;
    _project(): void;
    _updateBounds(): void;
    _updatePath(): void;
  }
  interface Map {
    _panAnim?: { _inProgress?: boolean };
  }
  interface Handler {
    moving?(): boolean;
  }
}
