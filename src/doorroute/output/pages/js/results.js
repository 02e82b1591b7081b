// Results on their way back: packed, sealed, cut into pieces. What the bytes mean is told in results_code.py, which reads them.
(() => {
  "use strict";

  const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const SHARE = 400; // bytes a picture: at most version 16 with correction M, which a phone reads from a scratched screen

  const varint = (value) => {
    const octets = [];
    for (; value > 127; value = Math.floor(value / 128)) octets.push((value % 128) + 128);
    return [...octets, value];
  };

  Doorroute.packResults = (progress, doors) => {
    const marks = Array.from({ length: doors }, (_, index) => progress.own(index));
    const out = [1, ...varint(progress.revision), ...progress.device.match(/../g).map((two) => parseInt(two, 16)),
      ...varint(Math.max(0, Math.floor(Date.now() / 60000))), ...varint(doors)];
    const own = ({ people }) => people.some((status) => status);
    for (const mark of marks) {
      const word = (own(mark) ? 0x8000 : 0) + (mark.note ? 0x4000 : 0) + mark.status * 2048 + mark.minute;
      out.push(word >> 8, word & 255);
    }
    for (const mark of marks) if (own(mark)) out.push(...varint(mark.people.length), ...mark.people);
    for (const { note } of marks) {
      const written = new TextEncoder().encode(note);
      if (note) out.push(...varint(written.length), ...written);
    }
    return Uint8Array.from(out);
  };

  // The texts of the QR codes, and one text of everything for files and chats.
  Doorroute.resultTexts = (sealed, route) => {
    const head = [...route.slice(0, 8).match(/../g).map((two) => parseInt(two, 16)), ...sealed.subarray(0, 4)];
    const of = Math.ceil(sealed.length / SHARE);
    const pictures = Array.from({ length: of }, (_, number) =>
      `DR1:${base45([...head, number, of, ...sealed.subarray(number * SHARE, (number + 1) * SHARE)])}`);
    const whole = Doorroute.toBase64(Uint8Array.from([...head, 0, 1, ...sealed]));
    return { pictures, text: `doorroute1:${whole.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")}` };
  };

  function base45(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 2) {
      const pair = at + 1 < bytes.length;
      const value = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
      text += BASE45[value % 45] + BASE45[Math.floor(value / 45) % 45] + (pair ? BASE45[Math.floor(value / 2025)] : "");
    }
    return text;
  }

  // A QR code with its quiet zone, black on white whatever the page's colours.
  Doorroute.drawQr = (canvas, text) => {
    const code = Doorroute.qrcode(0, "M");
    code.addData(text, "Alphanumeric");
    code.make();
    const size = code.getModuleCount() + 8, dot = Math.max(3, Math.floor(1000 / size));
    canvas.width = canvas.height = size * dot;
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = "#ffffff";
    ctx.fillRect(0, 0, canvas.width, canvas.height);
    ctx.fillStyle = "#000000";
    for (let row = 0; row < size - 8; row++)
      for (let column = 0; column < size - 8; column++)
        if (code.isDark(row, column)) ctx.fillRect((column + 4) * dot, (row + 4) * dot, dot, dot);
  };
})();
