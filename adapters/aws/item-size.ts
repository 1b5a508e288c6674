import type { AttemptReport } from "../../pipeline/attempts/report.ts";
import type { JobError } from "../../pipeline/errors/job-error.ts";

/**
 * Limits for the parts of an item, which DynamoDB limits to 400 KB (Amazon DynamoDB developer guide, "Constraints"):
 * outputs, 96 KB each in the report and in the record; history, 51 entries of at most 1.6 KB; texts, a few KB. The rest
 * is for the specification, at most 120 KB.
 */
const maxOutputsBytes = 96 * 1024;
/** Maximum entries of a history: the first and the newest 50. */
export const maxHistoryEntries = 51;
const maxDetailCharacters = 500;
const maxMessageCharacters = 2000;
const maxWarnings = 20;

const truncate = (text: string, maxCharacters: number): string =>
  text.length > maxCharacters ? `${text.slice(0, maxCharacters - 1)}…` : text;

/** Truncates a history entry, a warning or a detail to 500 characters. */
export const truncateDetail = (detail: string): string => truncate(detail, maxDetailCharacters);

export const truncateError = (error: JobError): JobError => ({
  ...error,
  message: truncate(error.message, maxMessageCharacters),
});

/** Keeps the first outputs up to the size limit. The omitted ones are still in the bucket. */
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

/** Message about outputs that are not listed. */
export const describeOmittedOutputs = (count: number): string =>
  `${count} more outputs are in the bucket. They are not listed because the job record is full`;

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
