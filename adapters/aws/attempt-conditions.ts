import { isDeepStrictEqual } from "node:util";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";

/** Attributes of a record that describe its current attempt. */
interface AttemptRecord {
  readonly attempt: number;
  readonly worker?: string;
  readonly report?: AttemptReport;
}

/** True while the attempt has no report. */
export const noReportCondition = "attribute_not_exists(report)";
/** True until the attempt's outputs are published, i.e. its worker has reported success. Uses the name `#error`. */
export const notPublishedCondition = `attribute_not_exists(published) AND (${noReportCondition} OR attribute_exists(report.#error))`;

/** Adds `noReportCondition` to a condition if `unlessReported` is true. */
export const addNoReportCondition = (condition: string, unlessReported: boolean | undefined): string =>
  unlessReported === true ? `${condition} AND ${noReportCondition}` : condition;

/** True if this worker holds the record's current attempt. */
export const isHeldBy = (record: AttemptRecord | undefined, attempt: number, worker: string): boolean =>
  record !== undefined && record.attempt === attempt && record.worker === worker;

/**
 * True if a record contains exactly this report of this worker, i.e. an earlier call wrote it and its response was
 * lost.
 */
export const hasReport = (
  record: AttemptRecord | undefined,
  attempt: number,
  worker: string,
  report: AttemptReport,
): boolean =>
  isHeldBy(record, attempt, worker) &&
  // Converted to JSON, because the table omits undefined values.
  isDeepStrictEqual(record?.report, JSON.parse(JSON.stringify(report)));
