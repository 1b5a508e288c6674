import { formatFrameRate } from "../media/frame-rate.ts";
import type { Size } from "../media/geometry.ts";
import { computeBandwidth } from "./bandwidth.ts";
import { computeIndexSeconds, type FragmentIndex } from "./fragment-index.ts";
import { formatDuration, renderElement, type XmlElement } from "./mpd-xml.ts";

/** A fragmented MP4 with one track. */
export interface DashMediaFile {
  readonly uri: string;
  readonly index: FragmentIndex;
  /** RFC 6381. */
  readonly codecs: string;
  readonly video?: Size & { readonly frameRate?: number };
  readonly audio?: { readonly sampleRate: number; readonly channels: number };
}
/** A WebVTT file. */
export interface DashTextFile {
  readonly uri: string;
  readonly durationSeconds: number;
  readonly bytes: number;
}
/** Properties by which a player chooses among adaptation sets of one type. */
export interface DashTrack {
  /** BCP 47. */
  readonly language?: string;
  /** Shown to the user. */
  readonly label?: string;
  /** Values of `urn:mpeg:dash:role:2011` (ISO/IEC 23009-1, table 34), e.g. `main`. */
  readonly roles?: readonly DashRole[];
  /** True for audio that describes the video to people who do not see it. */
  readonly isVideoDescription?: boolean;
}
export type DashRole =
  | "main"
  | "alternate"
  | "commentary"
  | "description"
  | "subtitle"
  | "caption"
  | "forced-subtitle";
/** Representations among which a player switches. */
export type DashAdaptationSet = DashTrack &
  (
    | { readonly contentType: "video" | "audio"; readonly files: readonly DashMediaFile[] }
    | { readonly contentType: "text"; readonly files: readonly DashTextFile[] }
  );

const channelConfigurationScheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";
const roleScheme = "urn:mpeg:dash:role:2011";
/** ETSI TS 103 285, 7.1.2: value 1 is for the visually impaired. */
const audioPurposeScheme = "urn:tva:metadata:cs:AudioPurposeCS:2007";

const buildMediaRepresentation = (
  { video, audio, index, codecs, uri }: DashMediaFile,
  id: string,
): XmlElement => [
  "Representation",
  {
    id,
    codecs,
    bandwidth: computeBandwidth(index.fragments).peak,
    width: video?.width,
    height: video?.height,
    audioSamplingRate: audio?.sampleRate,
    frameRate: video?.frameRate === undefined ? undefined : formatFrameRate(video.frameRate),
  },
  [
    ...(audio === undefined
      ? []
      : [
          [
            "AudioChannelConfiguration",
            { schemeIdUri: channelConfigurationScheme, value: audio.channels },
          ] as const,
        ]),
    ["BaseURL", {}, uri],
    [
      "SegmentBase",
      { indexRange: index.indexRange.join("-") },
      [["Initialization", { range: index.headerRange.join("-") }]],
    ],
  ],
];

const buildTextRepresentation = ({ uri, bytes, durationSeconds }: DashTextFile, id: string): XmlElement => [
  "Representation",
  { id, bandwidth: computeBandwidth([{ bytes, seconds: durationSeconds }]).average },
  [["BaseURL", {}, uri]],
];

/** True if all fragments begin at the same times, so that a player can switch at each of them. */
const isAligned = (files: readonly DashMediaFile[]): boolean => {
  const fragmentEnds = files.map(({ index }) => {
    let end = 0;
    return index.fragments.map(({ seconds }) => {
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

/** Elements in the order of the schema (ISO/IEC 23009-1, 5.3.7.3 and 5.3.3.3): Label, Accessibility, Role. */
const buildTrackElements = ({ label, roles = [], isVideoDescription }: DashTrack): readonly XmlElement[] => [
  ...(label === undefined ? [] : [["Label", {}, label] as const]),
  ...(isVideoDescription === true
    ? [["Accessibility", { schemeIdUri: audioPurposeScheme, value: 1 }] as const]
    : []),
  ...roles.map((value) => ["Role", { schemeIdUri: roleScheme, value }] as const),
];

const buildAdaptationSet = (set: DashAdaptationSet, id: number, idPrefix: string): XmlElement => {
  const { contentType, language: lang } = set;
  const trackElements = buildTrackElements(set);
  return contentType === "text"
    ? [
        "AdaptationSet",
        { id, contentType, mimeType: "text/vtt", lang },
        [
          ...trackElements,
          ...set.files.map((file, index) => buildTextRepresentation(file, `${idPrefix}-${index + 1}`)),
        ],
      ]
    : [
        "AdaptationSet",
        {
          id,
          contentType,
          mimeType: `${contentType}/mp4`,
          lang,
          subsegmentAlignment: String(isAligned(set.files)),
          subsegmentStartsWithSAP: 1,
        },
        [
          ...trackElements,
          ...set.files.map((file, index) => buildMediaRepresentation(file, `${idPrefix}-${index + 1}`)),
        ],
      ];
};

/**
 * Builds the MPEG-DASH manifest of fragmented files, each with its own index (ISO/IEC 23009-1, on-demand profile). The
 * presentation is as long as the longest file: tracks can differ. Sets without files are left out.
 */
export const buildDashManifest = (sets: readonly DashAdaptationSet[]): string => {
  const filledSets = sets.filter(({ files }) => files.length > 0);
  const longestSeconds = filledSets
    .flatMap((set) =>
      set.contentType === "text"
        ? set.files.map(({ durationSeconds }) => durationSeconds)
        : set.files.map(({ index }) => computeIndexSeconds(index)),
    )
    .reduce((longest, seconds) => Math.max(longest, seconds), 0);
  const longestFragmentSeconds = filledSets
    .flatMap((set) => (set.contentType === "text" ? [] : set.files.flatMap(({ index }) => index.fragments)))
    .reduce((longest, { seconds }) => Math.max(longest, seconds), 1);
  const duration = formatDuration(longestSeconds);
  const counts = { video: 0, audio: 0, text: 0 };
  const elements = filledSets.map((set, id) => {
    counts[set.contentType] += 1;
    const count = counts[set.contentType];
    return buildAdaptationSet(
      set,
      id,
      count === 1 && set.contentType !== "text" ? set.contentType : `${set.contentType}-${count}`,
    );
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    renderElement([
      "MPD",
      {
        xmlns: "urn:mpeg:dash:schema:mpd:2011",
        profiles: "urn:mpeg:dash:profile:isoff-on-demand:2011",
        type: "static",
        mediaPresentationDuration: duration,
        minBufferTime: formatDuration(longestFragmentSeconds),
      },
      [["Period", { id: "0", start: "PT0S", duration }, elements]],
    ]),
    "",
  ].join("\n");
};
