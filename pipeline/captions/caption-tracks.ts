import { getLanguageName, makeNamesUnique, normalizeLanguage, normalizeTitle } from "../media/language.ts";
import type { Probe, SubtitleProbe } from "../media/probe.ts";

/** A text track of a source that becomes a WebVTT rendition. */
export interface CaptionTrack {
  /** Index of the stream in the source. */
  readonly index: number;
  /** BCP 47; absent if unknown. */
  readonly language?: string;
  /** The track's title, else its language in English, else `Subtitles` and a number. Unique in its list. */
  readonly name: string;
  /** True if a player shows it unless the user chooses otherwise. At most one track. */
  readonly isDefault: boolean;
  /** True for subtitles of only what is foreign to the audio's language. */
  readonly isForced: boolean;
  /** `captions`: also for people who do not hear the audio. */
  readonly kind: "subtitles" | "captions";
}

/** ffprobe's names of codecs whose packets are text. Both builds of ffmpeg decode them. */
const textCodecs: ReadonlySet<string> = new Set([
  ...["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"],
]);
/** Maximum number of caption tracks: each is an output of the process that encodes. */
export const maxCaptionTracks = 32;

const listSubtitles = ({ subtitleTracks = [] }: Probe): readonly SubtitleProbe[] => subtitleTracks;
const isText = ({ codec }: SubtitleProbe): boolean => textCodecs.has(codec);

const buildName = ({ title, language, isHearingImpaired }: SubtitleProbe, position: number): string =>
  normalizeTitle(title) ??
  `${getLanguageName(normalizeLanguage(language)) ?? `Subtitles ${position}`}${isHearingImpaired === true ? " (SDH)" : ""}`;

/**
 * The track that is shown by default. In Matroska, a track without the flag is a default track too, so a flag that all
 * tracks have says nothing, except of a forced track.
 */
const findDefaultTrack = (tracks: readonly SubtitleProbe[]): SubtitleProbe | undefined => {
  const isFlagged = ({ isDefault }: SubtitleProbe): boolean => isDefault === true;
  const candidates = tracks.every(isFlagged) ? tracks.filter(({ isForced }) => isForced === true) : tracks;
  return candidates.find(isFlagged);
};

/** Lists the text tracks of a source, in file order. */
export const listCaptionTracks = (probe: Probe): readonly CaptionTrack[] => {
  const tracks = listSubtitles(probe).filter(isText).slice(0, maxCaptionTracks);
  const names = makeNamesUnique(tracks.map((track, position) => buildName(track, position + 1)));
  const defaultTrack = findDefaultTrack(tracks);
  return tracks.map((track, position): CaptionTrack => {
    const language = normalizeLanguage(track.language);
    return {
      index: track.index,
      ...(language === undefined ? {} : { language }),
      name: names[position] ?? "",
      isDefault: track === defaultTrack,
      isForced: track.isForced === true,
      kind: track.isHearingImpaired === true ? "captions" : "subtitles",
    };
  });
};

/** The name of a caption track in messages. */
export const describeCaptionTrack = ({ index, name }: CaptionTrack): string =>
  `Subtitle track ${index} (${name})`;

/** Warnings about the subtitle tracks of a source that cannot become captions. */
export const listCaptionWarnings = (probe: Probe): readonly string[] => {
  const subtitles = listSubtitles(probe);
  const textCount = subtitles.filter(isText).length;
  return [
    ...subtitles
      .filter((track) => !isText(track))
      .map(({ index, codec, title, language }) => {
        const name = normalizeTitle(title) ?? getLanguageName(normalizeLanguage(language));
        const details = [...(name === undefined ? [] : [name]), codec].join(", ");
        return `Subtitle track ${index} (${details}) is not included: only text can be converted to WebVTT.`;
      }),
    ...(textCount > maxCaptionTracks
      ? [`The source has ${textCount} subtitle tracks; the first ${maxCaptionTracks} are included.`]
      : []),
  ];
};
