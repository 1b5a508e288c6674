import type { Size } from "../media/geometry.ts";
import type { FragmentIndex } from "./fragment-index.ts";
import { computeBandwidth } from "./hls-playlist.ts";

/** One output in a manifest: a fragmented MP4 with one track. */
export interface DashRepresentation {
  readonly uri: string;
  readonly fragments: FragmentIndex;
  /** RFC 6381. */
  readonly codecs: string;
  readonly durationSeconds: number;
  readonly video?: Size & { readonly frameRate?: number };
  readonly audio?: { readonly sampleRate: number; readonly channels: number };
}

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;");
const formatAttributes = (entries: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(entries)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(String(value))}"`]))
    .join("");
const formatDuration = (seconds: number): string => `PT${seconds.toFixed(3)}S`;

const renderRepresentation = (entry: DashRepresentation, id: string): readonly string[] => {
  const { video, audio, fragments, codecs } = entry;
  const fields = {
    id,
    codecs,
    bandwidth: computeBandwidth(fragments.fragments).peak,
    width: video?.width,
    height: video?.height,
    frameRate: video?.frameRate === undefined ? undefined : Math.round(video.frameRate * 1000) / 1000,
    audioSamplingRate: audio?.sampleRate,
  };
  // The schema allows a frame rate as an integer or a fraction (ISO/IEC 23009-1, 5.3.7).
  const rate = fields.frameRate;
  const frameRate = rate === undefined || Number.isInteger(rate) ? rate : `${Math.round(rate * 1000)}/1000`;
  return [
    `      <Representation${formatAttributes({ ...fields, frameRate })}>`,
    ...(audio === undefined
      ? []
      : [
          `        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${audio.channels}"/>`,
        ]),
    `        <BaseURL>${escapeXml(entry.uri)}</BaseURL>`,
    `        <SegmentBase indexRange="${fragments.indexRange.join("-")}">`,
    `          <Initialization range="${fragments.headerRange.join("-")}"/>`,
    "        </SegmentBase>",
    "      </Representation>",
  ];
};

/** True if all fragments begin at the same times, so that a player can switch at each of them. */
const isAligned = (entries: readonly DashRepresentation[]): boolean => {
  const fragmentEnds = entries.map(({ fragments }) => {
    let end = 0;
    return fragments.fragments.map(({ seconds }) => {
      end += seconds;
      return end;
    });
  });
  const [first = []] = fragmentEnds;
  return fragmentEnds.every(
    (ends) =>
      ends.length === first.length &&
      ends.slice(0, -1).every((at, index) => Math.abs(at - (first[index] ?? 0)) < 0.02),
  );
};

const renderAdaptationSet = (
  type: "video" | "audio",
  id: number,
  entries: readonly DashRepresentation[],
): readonly string[] =>
  entries.length === 0
    ? []
    : [
        `    <AdaptationSet${formatAttributes({
          id,
          contentType: type,
          mimeType: `${type}/mp4`,
          subsegmentAlignment: String(isAligned(entries)),
          subsegmentStartsWithSAP: 1,
        })}>`,
        ...entries.flatMap((entry, index) => renderRepresentation(entry, `${type}-${index + 1}`)),
        "    </AdaptationSet>",
      ];

/** Builds the MPEG-DASH manifest of fragmented files, each with its own index (ISO/IEC 23009-1, on-demand profile). */
export const buildDashManifest = (entries: readonly DashRepresentation[]): string => {
  const video = entries.filter((entry) => entry.video !== undefined);
  const audio = entries.filter((entry) => entry.video === undefined);
  const longestSeconds = Math.max(0, ...entries.map(({ durationSeconds }) => durationSeconds));
  const longestFragmentSeconds = Math.max(
    1,
    ...entries.flatMap(({ fragments }) => fragments.fragments.map(({ seconds }) => seconds)),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD${formatAttributes({
      xmlns: "urn:mpeg:dash:schema:mpd:2011",
      profiles: "urn:mpeg:dash:profile:isoff-on-demand:2011",
      type: "static",
      mediaPresentationDuration: formatDuration(longestSeconds),
      minBufferTime: formatDuration(longestFragmentSeconds),
    })}>`,
    `  <Period id="0" start="PT0S" duration="${formatDuration(longestSeconds)}">`,
    ...renderAdaptationSet("video", 0, video),
    ...renderAdaptationSet("audio", 1, audio),
    "  </Period>",
    "</MPD>",
    "",
  ].join("\n");
};
