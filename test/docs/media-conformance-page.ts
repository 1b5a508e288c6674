import { inputKinds } from "../media/inputs/all-inputs.ts";
import type { InputKind, MediaFacts, MediaInput } from "../media/inputs/media-input.ts";
import { buildChecks } from "../media/suite/build-checks.ts";
import { suiteRecipes } from "../media/suite/recipe-run.ts";
import { renderTable } from "./markdown.ts";

const formatTimes = (times: readonly number[]): string => times.map((time) => time.toFixed(2)).join(", ");
const formatSeconds = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : `${seconds} s`;

/** Loudness and peaks of the outputs. */
const describeLoudness = ({ isLadderNormalized, hasExtremePeaks }: MediaFacts): string => {
  if (isLadderNormalized) return "−16 LUFS and at most −1.5 dBTP from `audio` and `ladder`";
  return hasExtremePeaks
    ? "−16 LUFS from `audio`, at most 0 dBTP from `ladder`"
    : "−16 LUFS from `audio`, at most 0 dBTP from others";
};

/** What is right about an input, in a table cell. */
const describeFacts = (facts: MediaFacts): string => {
  const {
    flashSeconds,
    beepSeconds,
    frames,
    tones,
    audioRenditions,
    subtitleRenditions,
    imageSize,
    errorCode,
  } = facts;
  const video = formatSeconds(facts.videoSeconds);
  const audio = formatSeconds(facts.audioSeconds);
  return [
    errorCode === undefined ? undefined : `Error ${errorCode}`,
    video && `video to ${video}`,
    audio && `audio to ${audio}`,
    flashSeconds && `flash at ${formatTimes(flashSeconds)} s`,
    beepSeconds && `beep at ${formatTimes(beepSeconds)} s`,
    frames && `${frames[0]} to ${frames[1]} frames`,
    facts.columns && "the colors of the columns",
    facts.hasMotion && "no combing",
    tones && `tones ${tones.map((channel) => channel.join("+")).join(" and ")} Hz left and right`,
    facts.isLoud && describeLoudness(facts),
    facts.squareSeconds === undefined ? undefined : "a square is a square",
    facts.needsPosterSelection && "a poster that is not black",
    audioRenditions && `${audioRenditions.length} audio renditions`,
    subtitleRenditions && `${subtitleRenditions.length} subtitle renditions`,
    imageSize?.join("×"),
    facts.imageColor && "one color to each corner",
  ]
    .filter((text) => typeof text === "string")
    .join("; ");
};

/** How many properties of an input's outputs are measured, per recipe. */
const countChecks = (input: MediaInput): readonly string[] =>
  suiteRecipes.map((recipe) =>
    recipe.takes(input.facts) ? String(1 + buildChecks(input, recipe).length) : "–",
  );

const renderKind = ({ title, inputs }: InputKind): string =>
  [
    `## ${title}`,
    renderTable(
      ["Input", "Source", "Right", ...suiteRecipes.map(({ name }) => name)],
      inputs.map((input) => [
        `\`${input.name}\``,
        input.description,
        describeFacts(input.facts),
        ...countChecks(input),
      ]),
    ),
  ].join("\n\n");

/** How each property is measured. */
const methods: Readonly<Record<string, string>> = {
  status:
    "the job is Complete, and its outputs pass the worker's own verification; or the Error has its code",
  flash: "decoded frames whose right half is bright",
  beep: "onset of 1 kHz in decoded samples",
  "flash to beep": "the largest distance of a flash from its beep",
  "end of video": "time after the last decoded frame",
  "end of audio": "time after the last decoded sample",
  frames: "decoded frames",
  "time in frames": "luma of the left half, which tells the time, less the timestamp",
  "time in image": "the same, in RGB",
  "time in images": "the same, in RGB",
  colors: "planes of the decoder, converted to RGB by the tags of the output, as a player does",
  "colors of smallest rendition": "the same",
  "colors of poster": "the same, as full-range BT.601",
  "colors of sprite": "the same, as full-range BT.601",
  "colors of .webp": "the same, as BT.601",
  "colors of .jpg": "the same, as full-range BT.601",
  "color of watermark": "an opaque mark of a known color",
  "color tags": "range, matrix, transfer and primaries of the output",
  combing: "share of pixels that differ in one direction from the rows above and below",
  "aspect of a square": "bounding box of a white square, in display pixels",
  "tones, Hz": "Goertzel's algorithm on each channel",
  loudness: "EBU R 128 of the stereo output",
  "true peak": "EBU R 128 of the stereo output, with its peaks oversampled",
  "loudness of second track": "the same, of the second audio rendition",
  "true peak of second track": "the same, of the second audio rendition",
  images: "numbered images",
  "keyframes of renditions": "start of each fragment in each rendition, each with a keyframe",
  "HLS duration": "sum of the segments of the longest media playlist, by `hls-parser`",
  "DASH duration": "`mediaPresentationDuration`, by `mpd-parser`",
  "HLS audio renditions": "languages in the multivariant playlist; names differ",
  "HLS subtitle renditions": "languages in the multivariant playlist; names differ",
  "DASH audio tracks": "audio tracks, by `mpd-parser`",
  "mean luma of poster": "decoded poster",
  "size of .webp": "pixels",
  "size of .jpg": "pixels",
  "corners of .webp": "mean of the pixels in each corner",
  "corners of .jpg": "mean of the pixels in each corner",
};

/** Properties in the order in which they first come, with what is expected of them and by which recipes. */
const listProperties = (): readonly (readonly string[])[] => {
  const found = new Map<string, { expected: Set<string>; recipes: Set<string> }>();
  for (const { inputs } of inputKinds)
    for (const input of inputs)
      for (const recipe of suiteRecipes.filter(({ takes }) => takes(input.facts)))
        for (const { property, expected } of [
          { property: "status", expected: "Complete" },
          ...buildChecks(input, recipe),
        ]) {
          const name = property.replace(" (MSE)", "");
          const entry = found.get(name) ?? { expected: new Set(), recipes: new Set() };
          entry.expected.add(expected);
          entry.recipes.add(recipe.name);
          found.set(name, entry);
        }
  return [...found].map(([property, { expected, recipes }]) => {
    const method = methods[property];
    if (method === undefined) throw new Error(`How is the property "${property}" measured?`);
    const [first = ""] = expected;
    return [property, method, expected.size === 1 ? first : "as the source", [...recipes].join(", ")];
  });
};

/** The page about the media conformance suite. */
export const renderMediaConformancePage = (): string => {
  const inputs = inputKinds.flatMap((kind) => kind.inputs);
  const cases = inputs.flatMap((input) =>
    suiteRecipes
      .filter(({ takes }) => takes(input.facts))
      .map((recipe) => 1 + buildChecks(input, recipe).length),
  );
  const rows = cases.reduce((sum, count) => sum + count, 0);
  return `${[
    "# Media conformance",
    "<!-- Generated by `npm run docs`. Do not edit. -->",
    "After reading this page, you know which kinds of sources every recipe is measured with, and what counts as right.",
    `${inputs.length} generated inputs are run through every recipe that takes them: ${cases.length} jobs and ${rows} measured properties with each of the two builds of ffmpeg, the packaged one of 2018 and Debian's. Outputs are decoded and measured, and nothing relies on what their containers declare.`,
    "`npm run conformance` measures everything and prints a table. `--only NAME` and `--recipe NAME` select by a part of the name, `--build packaged` or `--build debian` one build, `--programs FOLDER` the ffmpeg and ffprobe of a folder instead, e.g. those of a newer release, `--failures` the rows that fail; `--json` prints JSON. `npm test` runs a part of the inputs with the packaged build, `npm run test:full` all of them with both.",
    "A ladder is measured twice: as a player presents it that follows edit lists, and as Media Source Extensions in Chromium present it, which ignore an empty edit (MSE).",
    "In the tables below, a number says how many properties of the outputs of a recipe are measured; – marks a recipe that does not take the input.",
    ...inputKinds.map(renderKind),
    "## Properties",
    renderTable(["Property", "Measured by", "Expected", "Recipes"], listProperties()),
  ].join("\n\n")}\n`;
};
