import { isDeepStrictEqual } from "node:util";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";

/** Attributes of a record that describe its current attempt. */
interface AttemptRecord {
  readonly attempt: number;
  readonly workerId?: string;
  readonly report?: AttemptReport;
}

/** True while the attempt has no report. */
export const noReportCondition = "attribute_not_exists(report)";
/** True until the attempt's outputs are published, i.e. its worker has reported success. Uses the name `#error`. */
export const notPublishedCondition = `attribute_not_exists(isPublished) AND (${noReportCondition} OR attribute_exists(report.#error))`;

/** Adds `noReportCondition` to a condition if `unlessReported` is true. */
export const addNoReportCondition = (condition: string, unlessReported: boolean | undefined): string =>
  unlessReported === true ? `${condition} AND ${noReportCondition}` : condition;

/** True if this worker holds the record's current attempt. */
export const isHeldBy = (record: AttemptRecord | undefined, attempt: number, workerId: string): boolean =>
  record !== undefined && record.attempt === attempt && record.workerId === workerId;

/**
 * True if a record contains exactly this report of this worker, i.e. an earlier call wrote it and its response was
 * lost.
 */
export const hasReport = (
  record: AttemptRecord | undefined,
  attempt: number,
  workerId: string,
  report: AttemptReport,
): boolean =>
  isHeldBy(record, attempt, workerId) &&
  // Converted to JSON, because the table omits undefined values.
  isDeepStrictEqual(record?.report, JSON.parse(JSON.stringify(report)));
