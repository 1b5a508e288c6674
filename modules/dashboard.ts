import { Construct } from "constructs";
import { CloudwatchDashboard } from "#aws/cloudwatch-dashboard";
import { getLogMetricNames, metricNamespace } from "./alarms.ts";
import { StageStack } from "./stack.ts";

/** A metric of a dashboard (CloudWatch API reference, "Dashboard body structure"). */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

/** Properties of `Dashboard`. */
export interface DashboardProps {
  readonly uploadQueueName: string;
  readonly deadLetterQueueNames: readonly string[];
  /** Names of the functions. */
  readonly functionNames: readonly string[];
}

/** The stage's dashboard: jobs, upload events, dead-letter queues, workers and functions. */
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
        "Upload events in the router's queue",
        "Maximum",
        [
          [
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "QueueName",
            uploadQueueName,
            { label: "messages" },
          ],
          [
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            "QueueName",
            uploadQueueName,
            { label: "age of oldest message, seconds" },
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
          [metricNamespace, metricNames.throttledTasks, { label: "throttled starts", stat: "Sum" }],
        ],
      ],
      ["Function errors", "Sum", functionNames.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name])],
      [
        "Function duration, milliseconds",
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
