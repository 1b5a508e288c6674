/** A cue of a WebVTT file (W3C WebVTT, 4.1). */
export interface WebVttCue {
  /** From the start of the media. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Lines of cue text, none of them empty. */
  readonly lines: readonly string[];
}

const timestampPattern = String.raw`-?(?:\d+:)?\d{1,2}:\d{1,2}\.\d{1,3}`;
const timingPattern = new RegExp(`^(${timestampPattern}) --> (${timestampPattern})(?:\\s|$)`);

const parseTimestamp = (text: string): number => {
  const [seconds = 0, minutes = 0, hours = 0] = text.replace("-", "").split(":").map(Number).reverse();
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
};

/**
 * Parses the cues that ffmpeg wrote. ffmpeg does not remove empty lines inside a cue, which end it for a player, so a cue
 * lasts until the next timing line. Cues without text or duration, or before the start, are left out.
 */
export const parseCues = (text: string): readonly WebVttCue[] => {
  const cues: { startSeconds: number; endSeconds: number; lines: string[] }[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, start, end] = timingPattern.exec(line) ?? [];
    if (start !== undefined && end !== undefined)
      cues.push({
        startSeconds: Math.max(0, parseTimestamp(start)),
        endSeconds: parseTimestamp(end),
        lines: [],
      });
    else if (line.trim() !== "") cues.at(-1)?.lines.push(line);
  }
  return cues
    .filter(({ startSeconds, endSeconds, lines }) => endSeconds > startSeconds && lines.length > 0)
    .sort((a, b) => a.startSeconds - b.startSeconds);
};

/** Formats a time in seconds as in a cue, e.g. `01:02:03.500` (WebVTT, 4.1). */
export const formatCueTime = (seconds: number): string => {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number, length = 2): string => String(Math.floor(value)).padStart(length, "0");
  return `${pad(milliseconds / 3_600_000)}:${pad((milliseconds / 60_000) % 60)}:${pad((milliseconds / 1000) % 60)}.${pad(milliseconds % 1000, 3)}`;
};

/** Escapes cue text (WebVTT, 6.2): an arrow, and what begins neither a style that ffmpeg writes nor a character reference. */
const escapeCueText = (line: string): string =>
  line
    .replace(/&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)/g, "&amp;")
    .replace(/<(?!\/?[ibu]>)/g, "&lt;")
    .replaceAll("-->", "--&gt;");

/**
 * Builds a WebVTT file. Time 0 is the start of the media: in CMAF, decode time 0 (RFC 8216, 3.5). Players of the file
 * alone and of DASH ignore the line that says so.
 */
export const buildWebVtt = (cues: readonly WebVttCue[]): string =>
  [
    "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n",
    ...cues.map(({ startSeconds, endSeconds, lines }) =>
      [
        `${formatCueTime(startSeconds)} --> ${formatCueTime(endSeconds)}`,
        ...lines.map(escapeCueText),
        "",
      ].join("\n"),
    ),
  ].join("\n");
