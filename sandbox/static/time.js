// Instants as the person reads them: in that person's zone and language.

const DAY = 86400000;

/** The calendar fields of an instant in a zone. */
export function wall(ms, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(new Date(ms)).map((part) => [part.type, part.value]));
}

/** `2026-10-01` in the zone. */
export function isoDate(ms, zone) {
  const at = wall(ms, zone);
  return `${at.year}-${at.month}-${at.day}`;
}

/** `2026-10-01T09:00` in the zone, as a datetime-local field wants it. */
export function isoMinute(ms, zone) {
  const at = wall(ms, zone);
  return `${isoDate(ms, zone)}T${at.hour}:${at.minute}`;
}

function offsetAt(ms, zone) {
  const at = wall(ms, zone);
  const asUtc = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
  return asUtc - Math.floor(ms / 1000) * 1000;
}

/** The instant (ms) of wall time `2026-10-01T09:00` in the zone. */
export function instant(local, zone) {
  const asUtc = Date.parse(`${local}Z`);
  const guess = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(guess, zone); // the second look is right on both sides of a change of the offset
}

function show(ms, viewer, options) {
  return new Intl.DateTimeFormat(viewer.locale || "en-US", { timeZone: viewer.tz, ...options }).format(new Date(ms));
}

export const clockTime = (ms, viewer) => show(ms, viewer, { hour: "numeric", minute: "2-digit" });
export const fullTime = (ms, viewer) =>
  show(ms, viewer, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

function nearWord(ms, viewer, now) {
  const days = Math.round((Date.parse(isoDate(ms, viewer.tz)) - Date.parse(isoDate(now, viewer.tz))) / DAY);
  if (Math.abs(days) > 1) return null;
  return new Intl.RelativeTimeFormat(viewer.locale || "en-US", { numeric: "auto" }).format(days, "day");
}

const DATE_STYLES = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** The heading of a day in a message list: Today, Yesterday or the date. */
export function dayHeading(ms, viewer, now) {
  return capital(nearWord(ms, viewer, now) ?? show(ms, viewer, DATE_STYLES.date_long));
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function ago(ms, viewer, now) {
  const format = new Intl.RelativeTimeFormat(viewer.locale || "en-US", { numeric: "auto" });
  for (const [unit, size] of [["day", DAY], ["hour", 3600000], ["minute", 60000]]) {
    if (Math.abs(ms - now) >= size) return format.format(Math.trunc((ms - now) / size), unit);
  }
  return format.format(0, "minute");
}

/** Fills the tokens of a `<!date^…>` format, such as `{date_short_pretty} at {time}`. */
export function dateTokens(format, ms, viewer, now) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "date_num") return isoDate(ms, viewer.tz);
    if (token === "ago") return ago(ms, viewer, now);
    const style = DATE_STYLES[token.replace("_pretty", "").replace("day_divider", "date_long")];
    if (!style) return whole;
    return (token.endsWith("_pretty") && nearWord(ms, viewer, now)) || show(ms, viewer, style);
  });
}
