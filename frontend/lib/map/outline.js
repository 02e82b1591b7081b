// The outlines of teams' pins, on the map and in the chart.

/** @type {Record<string, [number, number][]>} */
const OUTLINES = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  diamond: [
    [0, -1.22],
    [1.22, 0],
    [0, 1.22],
    [-1.22, 0],
  ],
  hexagon: [
    [-1.1, 0],
    [-0.55, -0.98],
    [0.55, -0.98],
    [1.1, 0],
    [0.55, 0.98],
    [-0.55, 0.98],
  ],
};

/**
 * Trace the outline of a team's pin as a path of `ctx`.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} [stretch] pixels by which it is wider to both sides
 */
export function outline(ctx, shape, x, y, r, stretch = 0) {
  const corners = OUTLINES[shape];
  ctx.beginPath();
  if (corners) {
    for (const [cx, cy] of corners) ctx.lineTo(x + cx * r + Math.sign(cx) * stretch, y + cy * r);
  } else {
    ctx.arc(x + stretch, y, r, -Math.PI / 2, Math.PI / 2);
    ctx.arc(x - stretch, y, r, Math.PI / 2, -Math.PI / 2);
  }
  ctx.closePath();
}
