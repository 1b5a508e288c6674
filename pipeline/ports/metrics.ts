/** CloudWatch namespace of the metrics. Their only dimension is `stage`, e.g. `reelway-dev`. */
export const metricNamespace = "Reelway";

/** Names of the metrics. A job that is closed as Error counts as closed and as failed. */
export type MetricName =
  | "JobsClosed"
  | "JobsFailed"
  | "TranscoderJobsClosed"
  | "TranscoderJobsFailed"
  /** Calls of RunTask that ECS throttled. */
  | "TasksThrottled"
  /** Calls of detectors that are billed or may be, one for a frame. */
  | "Detections"
  /** Runs of watchers at whose end a cap stops detection. */
  | "DetectionCapReached";

/** Names of the metrics with a value. */
export type ValueMetricName =
  /** Age of the newest processed segment of a channel, seconds. */
  | "ChannelLagSeconds"
  /** Price of a detection, US dollars. */
  | "DetectionUsd";

/** Counts events, and records values, for alarms and dashboards. */
export interface Metrics {
  count(name: MetricName): void;
  record(name: ValueMetricName, value: number): void;
}
