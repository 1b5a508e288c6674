import type { Construct } from "constructs";
import { CloudwatchMetricAlarm } from "#aws/cloudwatch-metric-alarm";
import { buildNamePrefix } from "./names.ts";
import { StageStack } from "./stack.ts";

/** When an alarm fires, and what to do then. */
export interface MetricAlarmSettings {
  readonly description: string;
  readonly metric: readonly [namespace: string, name: string, dimensions: Readonly<Record<string, string>>];
  /** Statistic of five minutes. */
  readonly statistic: "Sum" | "Maximum";
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
  { description, metric: [namespace, metricName, dimensions], statistic, threshold }: MetricAlarmSettings,
): void => {
  new CloudwatchMetricAlarm(scope, id, {
    alarmName: `${buildNamePrefix(StageStack.of(scope).deployment)}-${id}`,
    alarmDescription: description,
    namespace,
    metricName,
    dimensions: { ...dimensions },
    statistic,
    period: 300,
    evaluationPeriods: 1,
    threshold,
    comparisonOperator: "GreaterThanThreshold",
    treatMissingData: "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  });
};
