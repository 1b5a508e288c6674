import type { Size } from "../media/geometry.ts";
import type { FragmentIndex } from "./fragment-index.ts";
import { bandwidthOf } from "./hls-playlist.ts";

/** One output in a manifest: a fragmented MP4 of one track. */
export interface DashRepresentation {
  readonly uri: string;
  readonly fragments: FragmentIndex;
  /** RFC 6381. */
  readonly codecs: string;
  readonly durationSeconds: number;
  readonly video?: Size & { readonly frameRate?: number };
  readonly audio?: { readonly sampleRate: number; readonly channels: number };
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;");
const attributes = (entries: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(entries)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escaped(String(value))}"`]))
    .join("");
const period = (seconds: number): string => `PT${seconds.toFixed(3)}S`;

const representation = (entry: DashRepresentation, id: string): readonly string[] => {
  const { video, audio, fragments, codecs } = entry;
  const shown = {
    id,
    codecs,
    bandwidth: bandwidthOf(fragments.fragments).peak,
    width: video?.width,
    height: video?.height,
    frameRate: video?.frameRate === undefined ? undefined : Math.round(video.frameRate * 1000) / 1000,
    audioSamplingRate: audio?.sampleRate,
  };
  // The schema has frame rates whole or as a fraction (ISO/IEC 23009-1, 5.3.7).
  const rate = shown.frameRate;
  const frameRate = rate === undefined || Number.isInteger(rate) ? rate : `${Math.round(rate * 1000)}/1000`;
  return [
    `      <Representation${attributes({ ...shown, frameRate })}>`,
    ...(audio === undefined
      ? []
      : [
          `        <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="${audio.channels}"/>`,
        ]),
    `        <BaseURL>${escaped(entry.uri)}</BaseURL>`,
    `        <SegmentBase indexRange="${fragments.index.join("-")}">`,
    `          <Initialization range="${fragments.header.join("-")}"/>`,
    "        </SegmentBase>",
    "      </Representation>",
  ];
};

/** Fragments of all begin at the same moments, so that a player may change between them anywhere. */
const aligned = (entries: readonly DashRepresentation[]): boolean => {
  const moments = entries.map(({ fragments }) => {
    let at = 0;
    return fragments.fragments.map(({ seconds }) => {
      at += seconds;
      return at;
    });
  });
  const [first = []] = moments;
  return moments.every(
    (own) =>
      own.length === first.length &&
      own.slice(0, -1).every((at, index) => Math.abs(at - (first[index] ?? 0)) < 0.02),
  );
};

const adaptationSet = (
  type: "video" | "audio",
  id: number,
  entries: readonly DashRepresentation[],
): readonly string[] =>
  entries.length === 0
    ? []
    : [
        `    <AdaptationSet${attributes({
          id,
          contentType: type,
          mimeType: `${type}/mp4`,
          subsegmentAlignment: String(aligned(entries)),
          subsegmentStartsWithSAP: 1,
        })}>`,
        ...entries.flatMap((entry, index) => representation(entry, `${type}-${index + 1}`)),
        "    </AdaptationSet>",
      ];

/** The MPEG-DASH manifest over fragmented files, each with its own index (ISO/IEC 23009-1, on-demand profile). */
export const dashManifest = (entries: readonly DashRepresentation[]): string => {
  const video = entries.filter((entry) => entry.video !== undefined);
  const audio = entries.filter((entry) => entry.video === undefined);
  const longest = Math.max(0, ...entries.map(({ durationSeconds }) => durationSeconds));
  const fragment = Math.max(
    1,
    ...entries.flatMap(({ fragments }) => fragments.fragments.map(({ seconds }) => seconds)),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD${attributes({
      xmlns: "urn:mpeg:dash:schema:mpd:2011",
      profiles: "urn:mpeg:dash:profile:isoff-on-demand:2011",
      type: "static",
      mediaPresentationDuration: period(longest),
      minBufferTime: period(fragment),
    })}>`,
    `  <Period id="0" start="PT0S" duration="${period(longest)}">`,
    ...adaptationSet("video", 0, video),
    ...adaptationSet("audio", 1, audio),
    "  </Period>",
    "</MPD>",
    "",
  ].join("\n");
};
