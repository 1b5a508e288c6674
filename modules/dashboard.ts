import { Construct } from "constructs";
import { CloudwatchDashboard } from "#aws/cloudwatch-dashboard";
import { countedMetrics, metricNamespace } from "./alarms.ts";
import { StageStack } from "./stack.ts";

/** A metric as a dashboard's body names it (CloudWatch API reference, "Dashboard body structure"). */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

export interface DashboardProps {
  readonly uploadQueue: string;
  readonly lostQueues: readonly string[];
  /** Functions by name. */
  readonly functions: readonly string[];
}

/** The stage at a glance: jobs, waiting uploads, lost messages, workers, functions. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { uploadQueue, lostQueues, functions }: DashboardProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { deployment, names } = stack;
    const counted = countedMetrics(stack);
    const charts: readonly (readonly [title: string, stat: string, metrics: readonly Metric[]])[] = [
      [
        "Jobs that ended",
        "Sum",
        [
          [metricNamespace, counted.ended, { label: "all" }],
          [metricNamespace, counted.failed, { label: "as Error" }],
        ],
      ],
      [
        "Uploads that wait for the router",
        "Maximum",
        [
          ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", uploadQueue, { label: "number" }],
          [
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            "QueueName",
            uploadQueue,
            { label: "oldest, seconds" },
          ],
        ],
      ],
      [
        "Messages nobody could take",
        "Maximum",
        lostQueues.map((queue) => ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]),
      ],
      [
        "Workers",
        "Average",
        [
          ["ECS/ContainerInsights", "TaskCount", "ClusterName", names.cluster, { label: "tasks" }],
          [metricNamespace, counted.throttled, { label: "throttled starts", stat: "Sum" }],
        ],
      ],
      [
        "Functions that failed",
        "Sum",
        functions.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name]),
      ],
      [
        "Functions, milliseconds",
        "p95",
        functions.map((name) => ["AWS/Lambda", "Duration", "FunctionName", name]),
      ],
    ];
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `${deployment.project}-${deployment.stage}`,
      dashboardBody: JSON.stringify({
        widgets: charts.map(([title, stat, metrics], index) => ({
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
