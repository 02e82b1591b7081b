// Closes what is open when nobody uses the page any more.

const CHECK_MS = 10000;

/**
 * Call `close` when nothing has happened for `limit_min` minutes after `opened` was called.
 * @param {number} limit_min
 * @param {string[]} kinds the events that count as use
 * @param {() => void} close
 */
export function idleLock(limit_min, kinds, close) {
  let open = false,
    used = 0;
  const check = () => {
    if (!open || Date.now() - used < limit_min * 60000) return;
    open = false;
    close();
  };
  const use = () => {
    check(); // a phone or computer that slept has run no timer
    used = Date.now();
  };
  for (const kind of kinds) addEventListener(kind, use, { capture: true, passive: true });
  setInterval(check, CHECK_MS);
  document.addEventListener("visibilitychange", check);
  return {
    opened() {
      open = true;
      used = Date.now();
    },
    closed() {
      open = false;
    },
  };
}
