import type { AttemptReport } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";

/**
 * What grows with the media, or with time, gets its share of the 400 KB that DynamoDB allows an item (Amazon
 * DynamoDB developer guide, "Constraints"): outputs once in the report and once in the record, 96 KB each;
 * history, 51 entries of at most 1.6 KB; texts, a few KB. A specification takes the rest, 120 KB at most.
 */
const maxOutputsBytes = 96 * 1024;
/** Entries of a history: the first, and the newest. */
export const maxHistoryEntries = 51;
const maxDetailCharacters = 500;
const maxMessageCharacters = 2000;
const maxWarnings = 20;

const truncate = (text: string, maxCharacters: number): string =>
  text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;

/** A line of a history, a warning, or a detail: at most 500 characters. */
export const truncateDetail = (detail: string): string => truncate(detail, maxDetailCharacters);

export const truncateError = (error: JobError): JobError => ({
  ...error,
  message: truncate(error.message, maxMessageCharacters),
});

/** As many of the first outputs as there is room for; their objects stand, whether listed or not. */
export const truncateOutputs = <Output>(
  outputs: readonly Output[],
): { readonly outputs: readonly Output[]; readonly omittedCount: number } => {
  let remainingBytes = maxOutputsBytes;
  const end = outputs.findIndex((output) => {
    remainingBytes -= Buffer.byteLength(JSON.stringify(output)) + 1;
    return remainingBytes < 0;
  });
  return end < 0
    ? { outputs, omittedCount: 0 }
    : { outputs: outputs.slice(0, end), omittedCount: outputs.length - end };
};

/** What a person is told of outputs that found no room. */
export const describeOmittedOutputs = (count: number): string =>
  `${count} more outputs are in the bucket: the record has no room to list them`;

export const truncateReport = (report: AttemptReport): AttemptReport => {
  const { outputs, omittedCount } = truncateOutputs(report.outputs);
  const allWarnings =
    omittedCount === 0 ? report.warnings : [describeOmittedOutputs(omittedCount), ...report.warnings];
  return {
    ...report,
    outputs,
    warnings: allWarnings.slice(0, maxWarnings).map(truncateDetail),
    ...(report.error === undefined ? {} : { error: truncateError(report.error) }),
  };
};
