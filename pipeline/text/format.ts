const units = ["bytes", "kB", "MB", "GB", "TB"];

/** Formats bytes in powers of a thousand: `1.2 MB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return bytes === 1 ? "1 byte" : `${value.toFixed(digits)} ${units[unit] ?? ""}`;
};

/** Formats seconds: `4.2 s`, `3:07`, `1:02:03`. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  const padTwo = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(wholeSeconds / 60) % 60;
  const hours = Math.floor(wholeSeconds / 3600);
  return hours === 0
    ? `${minutes}:${padTwo(wholeSeconds % 60)}`
    : `${hours}:${padTwo(minutes)}:${padTwo(wholeSeconds % 60)}`;
};

/**
 * Formats the speed of a job as ffmpeg does, seconds of media per second: `2.50×` is faster than real time.
 *
 * @param mediaSeconds duration of the source; absent for a still image
 */
export const formatSpeed = (elapsedSeconds: number, mediaSeconds: number | undefined): string =>
  mediaSeconds === undefined || mediaSeconds <= 0 || elapsedSeconds <= 0
    ? "–"
    : `${(mediaSeconds / elapsedSeconds).toFixed(2)}×`;

const controlCharacters = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Makes an untrusted text safe for a terminal: replaces control and bidirectional characters. */
export const toPrintable = (text: string): string => text.replaceAll(controlCharacters, "\uFFFD");

/** Quotes a text as one shell argument, for commands that a user copies. */
export const quoteShellArgument = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
