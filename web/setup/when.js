/** Times of the schedule: how an entry writes them, how a form holds them, when the next one comes. Pure. */

/** @typedef {"clock" | "sunrise" | "sunset"} Event */
/** @typedef {{event: Event, clock: string, minutes: number, before: boolean}} When  clock as 18:30; minutes from the sun's event */

export const DAYS = /** @type {const} */ (["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

const AT = /^(?:(sunrise|sunset)(?:([+-])(\d{1,2}):(\d{2}))?|(\d{1,2}):(\d{2}))$/;
const two = (/** @type {number} */ value) => String(value).padStart(2, "0");

/** `18:30`, `sunset`, `sunset-00:15`; what is none of them is noon. @param {string} at @returns {When} */
export function whenOf(at) {
  const [, sun, sign, hours, minutes, hour = "12", minute = "00"] = AT.exec(at.trim()) ?? [];
  if (!sun) return { event: "clock", clock: `${hour.padStart(2, "0")}:${minute}`, minutes: 0, before: false };
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return { event: /** @type {Event} */ (sun), clock: "12:00", minutes: offset, before: sign === "-" };
}

/** The inverse of whenOf, as the show writes it. @param {When} when */
export function atOf({ event, clock, minutes, before }) {
  if (event === "clock") return clock;
  const whole = Math.round(minutes);
  return whole ? `${event}${before ? "-" : "+"}${two(Math.floor(whole / 60))}:${two(whole % 60)}` : event;
}

/**
 * Of a time as lumad's own clock says it, `2026-11-20T18:30:00+01:00`: the clock there, the weekday, and how many days ahead.
 * @param {string} iso
 * @param {Date} now
 */
export function comingOf(iso, now) {
  const [date, clock] = [iso.slice(0, 10), iso.slice(11, 16)];
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  const weekday = DAYS[(new Date(midnight).getUTCDay() + 6) % 7];
  return { clock, weekday, ahead: Math.round((midnight - today) / 86_400_000) };
}

/** The same words in the same order: an entry found again in what is coming. @param {object} entry */
export const keyOf = (entry) =>
  JSON.stringify(
    Object.entries({ days: DAYS, name: "", ...entry })
      .filter(([, value]) => value !== null && value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
