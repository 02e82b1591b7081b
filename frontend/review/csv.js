// The file of confirmed pins, as spreadsheets read it.

const MUST_BE_ESCAPED = /^(?:[=+\-@\t\r\n＝＋－＠]|'+[=+\-@\t\r\n＝＋－＠0-9])/;

/**
 * Return a cell: never a formula, quoted where it must be. The same as `escaped` in disk/spreadsheet.py.
 * @param {string | undefined} text
 * @param {boolean} isNumber
 */
export function cell(text, isNumber) {
  const value = text || "";
  const harmless = !isNumber && MUST_BE_ESCAPED.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}

/**
 * Return rows under their header, with the mark by which Excel knows UTF-8.
 * @param {string[]} columns
 * @param {Record<string, string>[]} rows
 * @param {string[]} numbers the columns that hold numbers
 */
export function csv(columns, rows, numbers) {
  const lines = rows.map((row) => columns.map((column) => cell(row[column], numbers.includes(column))));
  return `\ufeff${[columns, ...lines].map((line) => line.join(",")).join("\r\n")}\r\n`;
}
