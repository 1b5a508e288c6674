import { Construct } from "constructs";
import { CloudwatchDashboard } from "#aws/cloudwatch-dashboard";
import { type MetricName, metricNamespace } from "../pipeline/ports/metrics.ts";
import { buildNamePrefix } from "./names.ts";
import { StageStack } from "./stack.ts";

/** A metric as a dashboard's body names it (CloudWatch API reference, "Dashboard body structure"). */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

export interface DashboardProps {
  readonly uploadQueueName: string;
  readonly deadLetterQueueNames: readonly string[];
  /** Functions by name. */
  readonly functionNames: readonly string[];
}

/** The stage at a glance: jobs, waiting uploads, dead-letter queues, workers, functions. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { uploadQueueName, deadLetterQueueNames, functionNames }: DashboardProps,
  ) {
    super(scope, id);
    const { deployment, names } = StageStack.of(this);
    const namePrefix = buildNamePrefix(deployment);
    const stageMetric = (name: MetricName, options: Readonly<Record<string, string>>): Metric => [
      metricNamespace,
      name,
      "stage",
      namePrefix,
      options,
    ];
    const widgets: readonly (readonly [title: string, stat: string, metrics: readonly Metric[]])[] = [
      [
        "Closed jobs",
        "Sum",
        [
          stageMetric("JobsClosed", { label: "jobs" }),
          stageMetric("JobsFailed", { label: "jobs with status Error" }),
          stageMetric("TranscoderJobsClosed", { label: "transcoder jobs" }),
          stageMetric("TranscoderJobsFailed", { label: "transcoder jobs with status Error" }),
        ],
      ],
      [
        "Uploads that wait for the router",
        "Maximum",
        [
          [
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            uploadQueueName,
            { label: "number" },
          ],
          [
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            "QueueName",
            uploadQueueName,
            { label: "oldest, seconds" },
          ],
        ],
      ],
      [
        "Messages in dead-letter queues",
        "Maximum",
        deadLetterQueueNames.map((queue) => [
          "AWS/SQS",
          "ApproximateNumberOfMessagesVisible",
          "QueueName",
          queue,
        ]),
      ],
      [
        "Workers",
        "Average",
        [
          ["ECS/ContainerInsights", "TaskCount", "ClusterName", names.cluster, { label: "tasks" }],
          stageMetric("TasksThrottled", { label: "throttled starts", stat: "Sum" }),
        ],
      ],
      [
        "Errors of functions",
        "Sum",
        functionNames.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name]),
      ],
      [
        "Duration of functions, ms",
        "p95",
        functionNames.map((name) => ["AWS/Lambda", "Duration", "FunctionName", name]),
      ],
    ];
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: namePrefix,
      dashboardBody: JSON.stringify({
        widgets: widgets.map(([title, stat, metrics], index) => ({
          type: "metric",
          x: (index % 2) * 12,
          y: Math.floor(index / 2) * 6,
          width: 12,
          height: 6,
          properties: { title, stat, metrics, period: 300, region: deployment.region, view: "timeSeries" },
        })),
      }),
    });
  }
}
