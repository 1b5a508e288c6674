/** CloudWatch namespace of the metrics. Their one dimension is `stage`, e.g. `reelway-dev`. */
export const metricNamespace = "Reelway";

/** What is counted. A job that is closed as Error counts as closed and as failed. */
export type MetricName =
  | "JobsClosed"
  | "JobsFailed"
  | "TranscoderJobsClosed"
  | "TranscoderJobsFailed"
  /** RunTask was refused because of the rate of calls. */
  | "TasksThrottled";

/** Counts events for alarms and dashboards. */
export interface Metrics {
  count(name: MetricName): void;
}
