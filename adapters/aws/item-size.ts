import type { WorkReport } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";

/**
 * What grows with the media, or with time, gets its share of the 400 KB that DynamoDB allows an item (Amazon
 * DynamoDB developer guide, "Constraints"): outputs once in the report and once in the record, 96 KB each;
 * history, 51 entries of at most 1.6 KB; texts, a few KB. A specification takes the rest, 120 KB at most.
 */
const outputsBytes = 96 * 1024;
/** Entries of a history: the first, and the newest. */
export const historyEntries = 51;
const detailLength = 500;
const messageLength = 2000;
const warnings = 20;

const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A line of a history, a warning, or a detail: at most 500 characters. */
export const fitDetail = (detail: string): string => clip(detail, detailLength);

export const fitError = (error: JobError): JobError => ({
  ...error,
  message: clip(error.message, messageLength),
});

/** As many of the first outputs as there is room for; their objects stand, whether listed or not. */
export const fitOutputs = <Output>(
  outputs: readonly Output[],
): { readonly outputs: readonly Output[]; readonly unlisted: number } => {
  let room = outputsBytes;
  const end = outputs.findIndex((output) => {
    room -= Buffer.byteLength(JSON.stringify(output)) + 1;
    return room < 0;
  });
  return end < 0
    ? { outputs, unlisted: 0 }
    : { outputs: outputs.slice(0, end), unlisted: outputs.length - end };
};

/** What a person is told of outputs that found no room. */
export const unlistedOutputs = (count: number): string =>
  `${count} more outputs are in the bucket: the record has no room to list them`;

export const fitReport = (report: WorkReport): WorkReport => {
  const { outputs, unlisted } = fitOutputs(report.outputs);
  const told = unlisted === 0 ? report.warnings : [unlistedOutputs(unlisted), ...report.warnings];
  return {
    ...report,
    outputs,
    warnings: told.slice(0, warnings).map(fitDetail),
    ...(report.error === undefined ? {} : { error: fitError(report.error) }),
  };
};
