import { Construct } from "constructs";
import { CloudwatchLogMetricFilter } from "#aws/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "#aws/cloudwatch-metric-alarm";
import { jobEnded } from "../pipeline/jobs/finish-job.ts";
import { StageStack } from "./stack.ts";

/** CloudWatch namespace of what is counted in logs. */
export const metricNamespace = "Reelway";

export interface AlarmsProps {
  /** ARN of the topic that is told. */
  readonly topic: string;
  /** Queues of messages that nobody could take, by name. */
  readonly lostQueues: readonly string[];
  /** The queue of uploads that wait for the router. */
  readonly uploadQueue: string;
  /** Log groups of the functions that end Reelway's jobs. */
  readonly endsJobs: readonly string[];
  /** Log groups of the functions that start workers. */
  readonly startsWorkers: readonly string[];
}

/** Names of the metrics that are counted in logs, one of each a stage. */
export const countedMetrics = ({ names }: Pick<StageStack, "names">) => ({
  ended: `${names.topic}-ended`,
  failed: `${names.topic}-failed`,
  throttled: `${names.cluster}-throttled`,
});

/** Per cent of an hour's jobs that may fail, where there are enough to tell. */
const errorRate = { percent: 20, jobs: 5 };
/** Seconds that an upload may wait for the router. */
const oldestUpload = 900;

/** What wakes somebody up: lost messages, failing jobs, waiting uploads, and tasks that AWS will not start so fast. */
export class Alarms extends Construct {
  readonly #topic: string;
  readonly #prefix: string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    this.#topic = props.topic;
    this.#prefix = `${stack.deployment.project}-${stack.deployment.stage}`;
    const counted = countedMetrics(stack);
    for (const [index, group] of props.endsJobs.entries()) {
      this.#count(`ended-${index}`, group, counted.ended, `{ $.message = "${jobEnded}" }`);
      this.#count(
        `failed-${index}`,
        group,
        counted.failed,
        `{ $.message = "${jobEnded}" && $.status = "Error" }`,
      );
    }
    for (const [index, group] of props.startsWorkers.entries())
      this.#count(`throttled-${index}`, group, counted.throttled, "%Throttling|Rate exceeded%");
    for (const queue of props.lostQueues)
      this.#alarm(`lost-${queue.slice(this.#prefix.length + 1)}`, {
        description: `Messages nobody could take lie in ${queue}: read one, mend the cause, then redrive the queue`,
        metric: ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queue }],
        statistic: "Maximum",
        threshold: 0,
      });
    this.#alarm("upload-age", {
      description: `An upload has waited over ${oldestUpload / 60} minutes for the router: look at its log`,
      metric: ["AWS/SQS", "ApproximateAgeOfOldestMessage", { QueueName: props.uploadQueue }],
      statistic: "Maximum",
      threshold: oldestUpload,
    });
    this.#alarm("throttled-tasks", {
      description:
        "ECS throttles RunTask: uploads come faster than tasks may start; they wait, nothing is lost",
      metric: [metricNamespace, counted.throttled, {}],
      statistic: "Sum",
      threshold: 10,
    });
    this.#errorRate(counted);
  }

  #count(id: string, logGroupName: string, name: string, pattern: string): void {
    new CloudwatchLogMetricFilter(this, id, {
      name: id,
      logGroupName,
      pattern,
      metricTransformation: { name, namespace: metricNamespace, value: "1", defaultValue: "0" },
    });
  }

  #alarm(
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
      alarmName: `${this.#prefix}-${id}`,
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
      alarmActions: [this.#topic],
      okActions: [this.#topic],
    });
  }

  #errorRate(counted: ReturnType<typeof countedMetrics>): void {
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { namespace: metricNamespace, metricName, period: 3600, stat: "Sum" },
    });
    new CloudwatchMetricAlarm(this, "job-errors", {
      alarmName: `${this.#prefix}-job-errors`,
      alarmDescription: `Over ${errorRate.percent} % of an hour's jobs ended as Error: npx reelway jobs, or the table's newest records, say why`,
      metricQuery: [
        {
          id: "rate",
          expression: `IF(ended >= ${errorRate.jobs}, 100 * failed / ended, 0)`,
          label: "Jobs that failed, per cent",
          returnData: true,
        },
        sum("failed", counted.failed),
        sum("ended", counted.ended),
      ],
      evaluationPeriods: 1,
      threshold: errorRate.percent,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [this.#topic],
      okActions: [this.#topic],
    });
  }
}
