// A QR code with its quiet zone, black on white whatever the page's colours.
import qrcode from "qrcode-generator";

const QUIET = 4; // dots
const WIDE = 1000; // pixels, about

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} text
 */
export function drawQr(canvas, text) {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const dots = code.getModuleCount(),
    size = dots + 2 * QUIET,
    dot = Math.max(3, Math.floor(WIDE / size));
  canvas.width = canvas.height = size * dot;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = "#ffffff";
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = "#000000";
  for (let row = 0; row < dots; row++) {
    for (let column = 0; column < dots; column++) {
      if (code.isDark(row, column)) ctx.fillRect((column + QUIET) * dot, (row + QUIET) * dot, dot, dot);
    }
  }
}
