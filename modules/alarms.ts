import { Construct } from "constructs";
import { CloudwatchLogMetricFilter } from "#aws/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "#aws/cloudwatch-metric-alarm";
import { jobClosedMessage } from "../pipeline/jobs/close-job.ts";
import { StageStack } from "./stack.ts";

/** CloudWatch namespace of what is counted in logs. */
export const metricNamespace = "Reelway";

/** Properties of `Alarms`. */
export interface AlarmsProps {
  /** ARN of the topic that receives alarms. */
  readonly topicArn: string;
  /** Names of the dead-letter queues. */
  readonly deadLetterQueueNames: readonly string[];
  /** Name of the router's queue of upload events. */
  readonly uploadQueueName: string;
  /** Log groups of the functions that end Reelway's jobs. */
  readonly jobClosingLogGroups: readonly string[];
  /** Log groups of the functions that start workers. */
  readonly taskStartingLogGroups: readonly string[];
}

/** Names of the metrics that are counted in logs, one of each a stage. */
export const getLogMetricNames = ({ names }: Pick<StageStack, "names">) => ({
  closedJobs: `${names.finishedJobsTopic}-ended`,
  failedJobs: `${names.finishedJobsTopic}-failed`,
  throttledTasks: `${names.cluster}-throttled`,
});

/** Error rate in per cent above which the alarm fires, for hours with enough jobs. */
const errorRateThreshold = { percent: 20, minJobs: 5 };
/** Maximum age of an upload event in the router's queue, seconds. */
const maxUploadAgeSeconds = 900;

/** Alarms on dead-letter queues, the age of upload events, failed jobs and throttled task starts. */
export class Alarms extends Construct {
  readonly #topicArn: string;
  readonly #namePrefix: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    this.#topicArn = props.topicArn;
    this.#namePrefix = `${stack.deployment.project}-${stack.deployment.stage}`;
    const metricNames = getLogMetricNames(stack);
    for (const [index, group] of props.jobClosingLogGroups.entries()) {
      this.#addMetricFilter(
        `ended-${index}`,
        group,
        metricNames.closedJobs,
        `{ $.message = "${jobClosedMessage}" }`,
      );
      this.#addMetricFilter(
        `failed-${index}`,
        group,
        metricNames.failedJobs,
        `{ $.message = "${jobClosedMessage}" && $.status = "Error" }`,
      );
    }
    for (const [index, group] of props.taskStartingLogGroups.entries())
      this.#addMetricFilter(
        `throttled-${index}`,
        group,
        metricNames.throttledTasks,
        "%Throttling|Rate exceeded%",
      );
    for (const queue of props.deadLetterQueueNames)
      this.#addAlarm(`dlq-${queue.slice(this.#namePrefix.length + 1)}`, {
        description: `The dead-letter queue ${queue} is not empty. Read a message, fix the cause, then redrive the queue.`,
        metric: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queue }],
        statistic: "Maximum",
        threshold: 0,
      });
    this.#addAlarm("upload-age", {
      description: `An upload event has been in the router's queue for more than ${maxUploadAgeSeconds / 60} minutes. Check the router's log.`,
      metric: ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName: props.uploadQueueName }],
      statistic: "Maximum",
      threshold: maxUploadAgeSeconds,
    });
    this.#addAlarm("throttled-tasks", {
      description:
        "ECS throttles RunTask: uploads come faster than tasks may start; they wait, nothing is lost",
      metric: [metricNamespace, metricNames.throttledTasks, {}],
      statistic: "Sum",
      threshold: 10,
    });
    this.#addErrorRateAlarm(metricNames);
  }

  #addMetricFilter(id: string, logGroupName: string, name: string, pattern: string): void {
    new CloudwatchLogMetricFilter(this, id, {
      name: id,
      logGroupName,
      pattern,
      metricTransformation: { name, namespace: metricNamespace, value: "1", defaultValue: "0" },
    });
  }

  #addAlarm(
    id: string,
    {
      description,
      metric: [namespace, metricName, dimensions],
      statistic,
      threshold,
    }: {
      readonly description: string;
      readonly metric: readonly [string, string, Readonly<Record<string, string>>];
      readonly statistic: string;
      readonly threshold: number;
    },
  ): void {
    new CloudwatchMetricAlarm(this, id, {
      alarmName: `${this.#namePrefix}-${id}`,
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
      alarmActions: [this.#topicArn],
      okActions: [this.#topicArn],
    });
  }

  #addErrorRateAlarm(metricNames: ReturnType<typeof getLogMetricNames>): void {
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { namespace: metricNamespace, metricName, period: 3600, stat: "Sum" },
    });
    new CloudwatchMetricAlarm(this, "job-errors", {
      alarmName: `${this.#namePrefix}-job-errors`,
      alarmDescription: `Over ${errorRateThreshold.percent} % of an hour's jobs ended as Error: npx reelway jobs, or the table's newest records, say why`,
      metricQuery: [
        {
          id: "rate",
          expression: `IF(ended >= ${errorRateThreshold.minJobs}, 100 * failed / ended, 0)`,
          label: "Jobs that failed, per cent",
          returnData: true,
        },
        sum("failed", metricNames.failedJobs),
        sum("ended", metricNames.closedJobs),
      ],
      evaluationPeriods: 1,
      threshold: errorRateThreshold.percent,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [this.#topicArn],
      okActions: [this.#topicArn],
    });
  }
}
