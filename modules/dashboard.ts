import { Construct } from "constructs";
import { CloudwatchDashboard } from "#aws/cloudwatch-dashboard";
import { getLogMetricNames, metricNamespace } from "./alarms.ts";
import { StageStack } from "./stack.ts";

/** A metric as a dashboard's body names it (CloudWatch API reference, "Dashboard body structure"). */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

export interface DashboardProps {
  readonly uploadQueueName: string;
  readonly deadLetterQueueNames: readonly string[];
  /** Functions by name. */
  readonly functionNames: readonly string[];
}

/** The stage at a glance: jobs, waiting uploads, lost messages, workers, functions. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { uploadQueueName, deadLetterQueueNames, functionNames }: DashboardProps,
  ) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { deployment, names } = stack;
    const metricNames = getLogMetricNames(stack);
    const widgets: readonly (readonly [title: string, stat: string, metrics: readonly Metric[]])[] = [
      [
        "Jobs that ended",
        "Sum",
        [
          [metricNamespace, metricNames.closedJobs, { label: "all" }],
          [metricNamespace, metricNames.failedJobs, { label: "as Error" }],
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
        "Messages nobody could take",
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
          [metricNamespace, metricNames.throttledTasks, { label: "throttled starts", stat: "Sum" }],
        ],
      ],
      [
        "Functions that failed",
        "Sum",
        functionNames.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name]),
      ],
      [
        "Functions, milliseconds",
        "p95",
        functionNames.map((name) => ["AWS/Lambda", "Duration", "FunctionName", name]),
      ],
    ];
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `${deployment.project}-${deployment.stage}`,
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
