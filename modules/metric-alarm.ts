import type { Construct } from "constructs";
import { CloudwatchMetricAlarm } from "#aws/cloudwatch-metric-alarm";
import { buildNamePrefix } from "./names.ts";
import { StageStack } from "./stack.ts";

/** When an alarm fires, and what to do then. */
export interface MetricAlarmSettings {
  readonly description: string;
  readonly metric: readonly [namespace: string, name: string, dimensions: Readonly<Record<string, string>>];
  /** Statistic of a period. */
  readonly statistic: "Sum" | "Maximum";
  /** Seconds, a multiple of 60. @default 300 */
  readonly periodSeconds?: number;
  /** Consecutive periods above the threshold in which the alarm fires. @default 1 */
  readonly periods?: number;
  /** The alarm fires above this value. Missing data do not fire it. */
  readonly threshold: number;
}

/**
 * Adds an alarm on a metric, named by the stage and the id.
 *
 * @param topicArn topic that is notified when the alarm fires and when it clears
 */
export const addMetricAlarm = (
  scope: Construct,
  id: string,
  topicArn: string,
  {
    description,
    metric: [namespace, metricName, dimensions],
    statistic,
    periodSeconds = 300,
    periods = 1,
    threshold,
  }: MetricAlarmSettings,
): void => {
  new CloudwatchMetricAlarm(scope, id, {
    alarmName: `${buildNamePrefix(StageStack.of(scope).deployment)}-${id}`,
    alarmDescription: description,
    namespace,
    metricName,
    dimensions: { ...dimensions },
    statistic,
    period: periodSeconds,
    evaluationPeriods: periods,
    threshold,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  });
};
