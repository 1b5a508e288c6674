import { JobFailure } from "../errors/job-error.ts";

/** ffmpeg's demuxers of text: playlists, scripts and subtitles. */
const textDemuxers: ReadonlySet<string> = new Set([
  ..."applehttp hls dash concat srt webvtt ass ffmetadata tty txt lrc jacosub microdvd mpl2 mpsub".split(" "),
  ..."pjs realtext sami scc stl subviewer subviewer1 vplayer imf sdp svg_pipe".split(" "),
]);

/** True if bytes from the start of a file are UTF-8 text without control characters. */
const isText = (head: Uint8Array): boolean => {
  // The last character may be cut.
  const text = new TextDecoder().decode(head).replace(/\uFFFD$/, "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters do not occur in text.
  return text.length > 0 && !/[\u0000-\u0008\u000E-\u001A\uFFFD]/.test(text);
};

/** Why no allowed demuxer opens a file, and what to do. */
const explainNotMedia = (log: string, head: Uint8Array): string => {
  const demuxer = /\[(\w+)[^\]]*\] Format not on whitelist/.exec(log)?.[1];
  if (isText(head) || (demuxer !== undefined && textDemuxers.has(demuxer)))
    return "it is text, e.g. a playlist or a script. Upload the media file itself.";
  return demuxer === undefined
    ? "its content has no known container format. Check that it opens in a media player, export it in another format, and upload that."
    : `this route does not accept its format (${demuxer.replace(/_pipe$/, "")}). Convert it, or upload it with a prefix whose route accepts it.`;
};

/**
 * Classifies a failure of ffprobe as error 4000, 4001 or 4002. They are permanent.
 *
 * @param log ffprobe's stderr
 * @param head bytes from the start of the file; none: unknown
 */
export const classifyProbeFailure = (
  name: string,
  log: string,
  head: Uint8Array = new Uint8Array(),
): JobFailure => {
  if (/exceeds specified max pixel count/i.test(log))
    return new JobFailure(
      4001,
      `${name} exceeds the limit of pixels per frame. Upload a smaller one, or raise maxVideoPixels or maxImagePixels.`,
    );
  const isUnknownFormat = /detected only with low score|not on whitelist/i.test(log);
  if (!isUnknownFormat && /moov atom not found|End of file|partial file|Truncat/i.test(log))
    return new JobFailure(
      4002,
      `${name} is truncated or damaged: its index is missing. Upload the complete file again.`,
    );
  return new JobFailure(
    4000,
    `${name} is not media that this route can process: ${explainNotMedia(log, head)}`,
  );
};
