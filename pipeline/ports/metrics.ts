/** CloudWatch namespace of the metrics. Their only dimension is `stage`, e.g. `reelway-dev`. */
export const metricNamespace = "Reelway";

/** Names of the metrics. A job that is closed as Error counts as closed and as failed. */
export type MetricName =
  | "JobsClosed"
  | "JobsFailed"
  | "TranscoderJobsClosed"
  | "TranscoderJobsFailed"
  /** Calls of RunTask that ECS throttled. */
  | "TasksThrottled";

/** Counts events for alarms and dashboards. */
export interface Metrics {
  count(name: MetricName): void;
}
