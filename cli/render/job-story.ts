import type { Job } from "../../pipeline/jobs/job.ts";
import { formatBytes, formatMultiple, formatSeconds, printable } from "../../pipeline/text/format.ts";
import type { ListedJob } from "../../runtime/control.ts";
import { elapsedSeconds } from "../job-document.ts";
import { describeOutput } from "./outputs.ts";

const line = (name: string, value: string): string => `${name.padEnd(10)} ${printable(value)}`;

const probeText = ({ probe }: Job): string | undefined => {
  if (probe === undefined) return undefined;
  const { video, audio } = probe;
  return [
    probe.formats.join("/"),
    probe.durationSeconds === undefined ? "" : formatSeconds(probe.durationSeconds),
    video === undefined ? "" : `${video.codec} ${video.width}×${video.height}`,
    video?.frameRate === undefined ? "" : `${Number(video.frameRate.toFixed(3))} frames/s`,
    audio === undefined ? "no sound" : `${audio.codec} ${audio.channels} channels ${audio.sampleRate} Hz`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
};

/** The whole story of a job, for a person. */
export const renderJob = ({ job, paths, pendingReason }: ListedJob): string => {
  const found = probeText(job);
  const elapsed = elapsedSeconds(job);
  return [
    line("job", job.id),
    line("source", `${job.source.key} (${formatBytes(job.source.bytes)}, bucket ${job.source.bucket})`),
    ...(found === undefined ? [] : [line("content", found)]),
    line("route", `${job.route ?? "none"}, ${job.engine ?? "no engine"}, ${job.recipe ?? "no recipe"}`),
    line("status", `${job.status}, attempt ${job.attempt} of ${job.attemptLimit}`),
    ...(pendingReason === undefined ? [] : [line("pending", pendingReason)]),
    line("progress", `${Math.floor(job.progress.percent)}% ${job.progress.stage}`),
    line(
      "time",
      `${formatSeconds(elapsed)}, ${formatMultiple(elapsed, job.probe?.durationSeconds)} real time`,
    ),
    ...(job.error === null
      ? []
      : [line("error", `${job.error.code} ${job.error.name}: ${job.error.message}`)]),
    ...job.outputs.flatMap((output) => [
      line("output", `${output.key}  ${describeOutput(output)}`),
      line("", paths[output.key] ?? ""),
    ]),
    "history",
    ...job.history.map(
      (entry) =>
        `  ${entry.at}  attempt ${entry.attempt}  ${entry.status.padEnd(11)} ${printable(entry.detail)}`,
    ),
    "",
  ].join("\n");
};
