/** CloudWatch namespace of the metrics. Their only dimension is `stage`, e.g. `reelway-dev`. */
export const metricNamespace = "Reelway";

/** Names of the metrics. A job that is closed as Error counts as closed and as failed. */
export type MetricName =
  | "JobsClosed"
  | "JobsFailed"
  | "TranscoderJobsClosed"
  | "TranscoderJobsFailed"
  /** Starts that were postponed, by Reelway's limits or by AWS. */
  | "JobsDeferred"
  /** Jobs closed as Error because AWS refused their start for too long. */
  | "JobsExpired"
  /** Calls of RunTask that ECS throttled. */
  | "TasksThrottled"
  /** Calls of detectors that are billed or may be, one for a frame. */
  | "Detections"
  /** Calls of detectors that failed, or did not recognize celebrities that were requested. */
  | "DetectionsFailed"
  /** Runs of watchers at whose end detection fails, or frames are not searched, or only in part. */
  | "DetectionFailing"
  /** Runs of watchers at whose end a cap stops detection. */
  | "DetectionCapReached";

/** Names of the metrics with a value. */
export type ValueMetricName =
  /** Jobs that wait for their start. */
  | "JobsWaiting"
  /** Age of the oldest of them, seconds. */
  | "OldestWaitingSeconds"
  /** Age of the newest processed segment of a channel, seconds. */
  | "ChannelLagSeconds"
  /** How far the newest searched segment of a channel is behind the newest archived one, seconds. */
  | "DetectionLagSeconds"
  /** Price of a detection, US dollars. */
  | "DetectionUsd";

/** Counts events, and records values, for alarms and dashboards. */
export interface Metrics {
  count(name: MetricName): void;
  record(name: ValueMetricName, value: number): void;
}
