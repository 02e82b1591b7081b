// Times of the day as texts. After midnight a time of the plan's day carries `+1`.

const DAY_S = 86400;
/** @param {number} part */
const two = (part) => String(Math.floor(part)).padStart(2, "0");

/**
 * Return a time of the plan's day as `09:05`, or `00:10+1` after its midnight.
 * @param {number} time_s seconds after midnight
 */
export const clock = (time_s) =>
  `${two((time_s / 3600) % 24)}:${two((time_s / 60) % 60)}${time_s >= DAY_S ? "+1" : ""}`;

/**
 * Return a length of time as `1:05`, hours and minutes, rounded to a minute.
 * @param {number} length_s
 */
export const duration = (length_s) => {
  const minutes = Math.floor((length_s + 30) / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
};

/**
 * Return a moment as this phone's or computer's clock shows it: `09:05`.
 * @param {Date} moment
 */
export const wallClock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;

/**
 * Return a moment's local date as `2022-04-06`.
 * @param {Date} moment
 */
export const isoDate = (moment) =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
