import type { components } from "../api/schema.ts";
import { formatBytes, formatDuration } from "../components/format.ts";

type Job = components["schemas"]["JobDetails"];
type Output = Job["outputs"][number];

/** A property of the source and of the output; null: not known, or not present. */
export interface Fact {
  readonly name: string;
  readonly source: string | null;
  readonly output: string | null;
}

const getArea = ({ width, height }: Output): number => (width ?? 0) * (height ?? 0);

/** Finds the output with the largest video, else the first one with audio. Images do not count. */
export const findMainOutput = (outputs: readonly Output[]): Output | undefined => {
  const media = outputs.filter(({ durationSeconds }) => durationSeconds !== null);
  const [largest] = media
    .filter(({ videoCodec }) => videoCodec !== null)
    .sort((left, right) => getArea(right) - getArea(left));
  return largest ?? media.find(({ audioCodec }) => audioCodec !== null);
};

const formatSize = (width: number | null | undefined, height: number | null | undefined): string | null =>
  width && height ? `${width} × ${height}` : null;

const formatRate = (bitsPerSecond: number | undefined): string | null =>
  bitsPerSecond === undefined || !Number.isFinite(bitsPerSecond)
    ? null
    : bitsPerSecond < 1e6
      ? `${Math.round(bitsPerSecond / 1000)} kbit/s`
      : `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`;

const computeRate = (bytes: number, seconds: number | null | undefined): number | undefined =>
  seconds ? (bytes * 8) / seconds : undefined;

const formatSeconds = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined ? null : formatDuration(seconds);

/**
 * Compares the source of a job with its main output. In a ladder, video and audio are in files of their own: the audio
 * codec is that of the audio file, and the total size counts all files.
 */
export const compareFacts = ({
  source,
  probe,
  outputs,
}: Pick<Job, "source" | "probe" | "outputs">): readonly Fact[] => {
  const output = findMainOutput(outputs);
  if (probe === null || output === undefined) return [];
  const { video, audio } = probe;
  const audioCodec =
    output.audioCodec ?? outputs.find((other) => other.audioCodec !== null)?.audioCodec ?? null;
  const frameRate = video?.frameRate;
  const facts: readonly Fact[] = [
    { name: "Video codec", source: video?.codec ?? null, output: output.videoCodec },
    {
      name: "Resolution",
      source: formatSize(video?.width, video?.height),
      output: formatSize(output.width, output.height),
    },
    {
      name: "Frame rate",
      source:
        frameRate === undefined
          ? null
          : `${Number(frameRate.toFixed(3))} fps${video?.isVariableFrameRate ? ", variable" : ""}`,
      output: null,
    },
    { name: "Audio codec", source: audio?.codec ?? null, output: audioCodec },
    {
      name: "Duration",
      source: formatSeconds(probe.durationSeconds),
      output: formatSeconds(output.durationSeconds),
    },
    {
      name: "Bit rate",
      source: formatRate(probe.bitRate ?? computeRate(source.bytes, probe.durationSeconds)),
      output: formatRate(computeRate(output.bytes, output.durationSeconds)),
    },
    { name: "Size", source: formatBytes(source.bytes), output: formatBytes(output.bytes) },
    ...(outputs.length > 1
      ? [
          {
            name: `Size of all ${outputs.length} files`,
            source: null,
            output: formatBytes(outputs.reduce((sum, { bytes }) => sum + bytes, 0)),
          },
        ]
      : []),
  ];
  return facts.filter((fact) => fact.source !== null || fact.output !== null);
};
