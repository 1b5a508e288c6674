import { isDeepStrictEqual } from "node:util";
import type { AttemptReport } from "../../pipeline/attempts/report.ts";

/** The attributes of a record that say how its current attempt stands. */
interface AttemptRecord {
  readonly attempt: number;
  readonly workerId?: string;
  readonly report?: AttemptReport;
}

/** Holds while the attempt's worker has not reported. */
export const noReportCondition = "attribute_not_exists(report)";
/** Holds until the attempt's outputs are published for good: its worker has reported success. Names `#error`. */
export const notPublishedCondition = `attribute_not_exists(isPublished) AND (${noReportCondition} OR attribute_exists(report.#error))`;

/** Narrows a condition to attempts without a report, where the caller judged the attempt without one. */
export const addNoReportCondition = (condition: string, unlessReported: boolean | undefined): string =>
  unlessReported === true ? `${condition} AND ${noReportCondition}` : condition;

/** True where a record's current attempt is this worker's. */
export const isHeldBy = (record: AttemptRecord | undefined, attempt: number, workerId: string): boolean =>
  record !== undefined && record.attempt === attempt && record.workerId === workerId;

/** True where a record holds exactly this report of this worker: what a lost answer said of it. */
export const hasReport = (
  record: AttemptRecord | undefined,
  attempt: number,
  workerId: string,
  report: AttemptReport,
): boolean =>
  isHeldBy(record, attempt, workerId) &&
  // As JSON keeps it: the table leaves out what is undefined.
  isDeepStrictEqual(record?.report, JSON.parse(JSON.stringify(report)));
