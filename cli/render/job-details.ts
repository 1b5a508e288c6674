import { getElapsedSeconds, type JobDetails } from "../../pipeline/api/job-document.ts";
import { formatBytes, formatSeconds, formatSpeed, toPrintable } from "../../pipeline/text/format.ts";
import { describeOutput } from "./outputs.ts";

const formatField = (name: string, value: string): string => `${name.padEnd(10)} ${toPrintable(value)}`;

const formatProbe = ({ probe }: JobDetails): string | undefined => {
  if (probe === null) return undefined;
  const { video, audio } = probe;
  return [
    probe.formats.join("/"),
    probe.durationSeconds === undefined ? "" : formatSeconds(probe.durationSeconds),
    video === undefined ? "" : `${video.codec} ${video.width}×${video.height}`,
    video?.frameRate === undefined ? "" : `${Number(video.frameRate.toFixed(3))} frames/s`,
    audio === undefined ? "no audio" : `${audio.codec} ${audio.channels} channels ${audio.sampleRate} Hz`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
};

/** Renders all details of a job, one field per line. */
export const renderJobDetails = (job: JobDetails): string => {
  const content = formatProbe(job);
  const elapsed = getElapsedSeconds(job);
  return [
    formatField("job", job.id),
    formatField(
      "source",
      `${job.source.key} (${formatBytes(job.source.bytes)}, bucket ${job.source.bucket})`,
    ),
    ...(content === undefined ? [] : [formatField("content", content)]),
    formatField(
      "route",
      `${job.route ?? "none"}, ${job.engine ?? "no engine"}, ${job.recipe ?? "no recipe"}`,
    ),
    formatField("status", `${job.status}, attempt ${job.attempt} of ${job.maxAttempts}`),
    ...(job.pendingReason === null ? [] : [formatField("pending", job.pendingReason)]),
    formatField("progress", `${Math.floor(job.progress.percent)}% ${job.progress.phase}`),
    formatField(
      "time",
      `${formatSeconds(elapsed)}, speed ${formatSpeed(elapsed, job.probe?.durationSeconds)}`,
    ),
    ...(job.error === null
      ? []
      : [formatField("error", `${job.error.code} ${job.error.name}: ${job.error.message}`)]),
    ...job.warnings.map((warning) => formatField("warning", warning)),
    ...job.outputs.flatMap((output) => [
      formatField("output", `${output.key}  ${describeOutput(output)}`),
      formatField("", output.path ?? ""),
    ]),
    "history",
    ...job.history.map(
      (entry) =>
        `  ${entry.at}  attempt ${entry.attempt}  ${entry.status.padEnd(11)} ${toPrintable(entry.detail)}`,
    ),
    "",
  ].join("\n");
};
