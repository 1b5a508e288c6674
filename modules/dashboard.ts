import { Construct } from "constructs";
import { CloudwatchDashboard } from "#aws/cloudwatch-dashboard";
import { type MetricName, metricNamespace, type ValueMetricName } from "../pipeline/ports/metrics.ts";
import { buildNamePrefix } from "./names.ts";
import { StageStack } from "./stack.ts";

/** A metric of a dashboard (CloudWatch API reference, "Dashboard body structure"). */
type Metric = readonly (string | Readonly<Record<string, string>>)[];

type Widget = readonly [title: string, stat: string, metrics: readonly Metric[]];
type StageMetric = (name: MetricName | ValueMetricName, options: Readonly<Record<string, string>>) => Metric;

const buildChannelWidgets = (stageMetric: StageMetric): readonly Widget[] => [
  [
    "Detections in frames of channels",
    "Sum",
    [
      stageMetric("Detections", { label: "detections" }),
      stageMetric("DetectionsFailed", { label: "failed detections" }),
      stageMetric("DetectionFailing", { label: "runs whose detection fails" }),
      stageMetric("DetectionCapReached", { label: "runs at a cap" }),
    ],
  ],
  ["Price of detections, US dollars", "Sum", [stageMetric("DetectionUsd", { label: "US dollars" })]],
  [
    "Age of the newest processed segment, seconds",
    "Maximum",
    [
      stageMetric("ChannelLagSeconds", { label: "the slowest channel" }),
      stageMetric("DetectionLagSeconds", { label: "detection behind the archive" }),
    ],
  ],
];

/** Properties of `Dashboard`. */
export interface DashboardProps {
  readonly uploadQueueName: string;
  readonly deadLetterQueueNames: readonly string[];
  /** Names of the functions. */
  readonly functionNames: readonly string[];
  /** Whether the stage watches channels. */
  readonly hasChannels: boolean;
}

/** The stage's dashboard: jobs, upload events, dead-letter queues, workers and functions. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { uploadQueueName, deadLetterQueueNames, functionNames, hasChannels }: DashboardProps,
  ) {
    super(scope, id);
    const { deployment, names } = StageStack.of(this);
    const namePrefix = buildNamePrefix(deployment);
    const stageMetric: StageMetric = (name, options) => [metricNamespace, name, "stage", namePrefix, options];
    const widgets: readonly Widget[] = [
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
          stageMetric("TasksThrottled", { label: "throttled starts", stat: "Sum" }),
        ],
      ],
      [
        "Jobs that wait for their start",
        "Maximum",
        [
          stageMetric("JobsWaiting", { label: "jobs" }),
          stageMetric("OldestWaitingSeconds", { label: "oldest, seconds" }),
        ],
      ],
      ["Function errors", "Sum", functionNames.map((name) => ["AWS/Lambda", "Errors", "FunctionName", name])],
      [
        "Function duration, milliseconds",
        "p95",
        functionNames.map((name) => ["AWS/Lambda", "Duration", "FunctionName", name]),
      ],
      ...(hasChannels ? buildChannelWidgets(stageMetric) : []),
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
