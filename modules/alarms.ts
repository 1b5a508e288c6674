import { Construct } from "constructs";
import { CloudwatchMetricAlarm } from "#aws/cloudwatch-metric-alarm";
import { type MetricName, metricNamespace, type ValueMetricName } from "../pipeline/ports/metrics.ts";
import { addMetricAlarm, type MetricAlarmSettings } from "./metric-alarm.ts";
import { buildNamePrefix, type DeploymentNames } from "./names.ts";
import { StageStack } from "./stack.ts";

/** Properties of `Alarms`. */
export interface AlarmsProps {
  /** ARN of the topic that receives alarms. */
  readonly topicArn: string;
  /** Names of the dead-letter queues. */
  readonly deadLetterQueueNames: readonly string[];
  /** Name of the router's queue of upload events. */
  readonly uploadQueueName: string;
}

/** Error rate of an hour above which the alarm fires, percent. */
const maxErrorRate = 20;
/** Maximum age of a job that waits for its start, seconds. */
const maxWaitSeconds = 6 * 3600;
/** Maximum age of an upload event in the router's queue, seconds. */
const maxUploadAgeSeconds = 900;

/** What empties a dead-letter queue. */
const describeRedrive = (queue: string, { webhookQueuePrefix }: DeploymentNames, stage: string): string =>
  queue.startsWith(webhookQueuePrefix)
    ? `npx reelway webhooks redeliver ${queue.slice(webhookQueuePrefix.length, -"-dlq".length)} --stage ${stage} --all-failed`
    : `npx reelway redrive --stage ${stage} --queue ${queue}`;

/** Alarms on dead-letter queues, the age of upload events, jobs that fail or wait, and throttled task starts. */
export class Alarms extends Construct {
  readonly #topicArn: string;
  readonly #namePrefix: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#topicArn = props.topicArn;
    const { deployment, names } = StageStack.of(this);
    const { stage } = deployment;
    this.#namePrefix = buildNamePrefix(deployment);
    for (const queue of props.deadLetterQueueNames)
      this.#addAlarm(`dlq-${queue.slice(this.#namePrefix.length + 1)}`, {
        description: `The dead-letter queue ${queue} is not empty. Fix the cause, which the log of its consumer names, then run: ${describeRedrive(queue, names, stage)}`,
        metric: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queue }],
        statistic: "Maximum",
        threshold: 0,
      });
    this.#addAlarm("upload-age", {
      description: `An upload event has been in the router's queue for more than ${maxUploadAgeSeconds / 60} minutes. Run: npx reelway doctor --stage ${stage}, and read the router's log: aws logs tail /aws/lambda/${names.router} --since 1h`,
      metric: ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName: props.uploadQueueName }],
      statistic: "Maximum",
      threshold: maxUploadAgeSeconds,
    });
    this.#addAlarm("throttled-tasks", {
      description:
        "Amazon ECS throttles RunTask because uploads arrive faster than tasks can start. Jobs are deferred and start later. No action needed if the alarm clears.",
      metric: [metricNamespace, "TasksThrottled" satisfies MetricName, { stage: this.#namePrefix }],
      statistic: "Sum",
      threshold: 10,
    });
    this.#addAlarm("waiting-jobs", {
      description: `A job has waited for its start for more than ${maxWaitSeconds / 3600} hours: maxJobsPerHour is too low, or AWS refuses to start tasks. Run: npx reelway doctor --stage ${stage}`,
      metric: [
        metricNamespace,
        "OldestWaitingSeconds" satisfies ValueMetricName,
        { stage: this.#namePrefix },
      ],
      statistic: "Maximum",
      threshold: maxWaitSeconds,
    });
    this.#addErrorRateAlarm(
      "job-errors",
      { closed: "JobsClosed", failed: "JobsFailed" },
      `More than ${maxErrorRate} % of the jobs closed in an hour failed. To see the errors, run: npx reelway jobs --stage ${stage} --status Error --since 2h`,
    );
    this.#addErrorRateAlarm(
      "transcoder-job-errors",
      { closed: "TranscoderJobsClosed", failed: "TranscoderJobsFailed" },
      `More than ${maxErrorRate} % of the transcoder jobs closed in an hour failed. To see the errors of jobs of routes, run: npx reelway jobs --stage ${stage} --status Error --since 2h. To see those of an application's own jobs, call ListJobsByStatus of the transcoder API with the status Error.`,
    );
  }

  #addAlarm(id: string, settings: MetricAlarmSettings): void {
    addMetricAlarm(this, id, this.#topicArn, settings);
  }

  #addErrorRateAlarm(
    id: string,
    { closed, failed }: { readonly closed: MetricName; readonly failed: MetricName },
    description: string,
  ): void {
    const sum = (queryId: string, metricName: MetricName) => ({
      id: queryId,
      metric: {
        namespace: metricNamespace,
        metricName,
        dimensions: { stage: this.#namePrefix },
        period: 3600,
        stat: "Sum",
      },
    });
    new CloudwatchMetricAlarm(this, id, {
      alarmName: `${this.#namePrefix}-${id}`,
      alarmDescription: description,
      metricQuery: [
        {
          id: "rate",
          expression: `IF(closed > 0, 100 * failed / closed, 0)`,
          label: "Failed jobs, percent",
          returnData: true,
        },
        sum("failed", failed),
        sum("closed", closed),
      ],
      evaluationPeriods: 1,
      threshold: maxErrorRate,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [this.#topicArn],
      okActions: [this.#topicArn],
    });
  }
}
