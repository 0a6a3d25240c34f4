// Times as they are shown.

const two = (number) => String(number).padStart(2, "0");

/** Give "12:00:05" here. */
export function clockTime(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "?" : `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Give "2026-11-21 12:00:05" here, or `offset_s` east of Greenwich. */
export function dayAndTime(seconds, offset_s) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const shift_s = offset_s ?? -date.getTimezoneOffset() * 60;
  return new Date((seconds + shift_s) * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** Give "1 h 59 min", "4 min", "12 s". */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return whole >= 60 ? `${Math.floor(whole / 60)} min` : `${whole} s`;
}
