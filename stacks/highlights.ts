import type { Construct } from "constructs";
import { BucketReference } from "../modules/bucket-reference.ts";
import { ChannelWatcher } from "../modules/channel-watcher.ts";
import { grantMediaKeys } from "../modules/media-keys.ts";
import { addMetricAlarm } from "../modules/metric-alarm.ts";
import { buildNamePrefix } from "../modules/names.ts";
import { Queue } from "../modules/queue.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { RecordTable } from "../modules/table.ts";
import { TableReference } from "../modules/table-reference.ts";
import type { WorkerImage } from "../modules/worker-image.ts";
import { assertLambdaImage, resolveWorkerImage } from "../modules/worker-image-uri.ts";
import { archivePrefix, type ChannelSettings } from "../pipeline/configuration/channels-schema.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { type MetricName, metricNamespace, type ValueMetricName } from "../pipeline/ports/metrics.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  labelsTable,
  type TableDefinition,
} from "../pipeline/ports/tables.ts";

/** Properties of `HighlightsStack`. */
export interface HighlightsStackProps extends StageStackProps {
  /** The worker's image: its repository and digest. */
  readonly image: WorkerImage;
  /** Limits of the frames and of the clips' jobs. */
  readonly configuration: Pick<JobConfiguration, "limits">;
}

/**
 * A run that failed needs no redrive: the next one does its work. Its message stays for the alarm, which would otherwise
 * last as long as the message.
 */
const failedRunRetentionSeconds = 3600;
/** Age of the newest processed segment above which the alarm fires. */
const maxLagSeconds = 180;
/** How far detection may be behind the archive before the alarm fires. */
const maxDetectionLagSeconds = 900;
/** Runs in the period of an alarm. */
const runsInPeriod = 5;
/** Failed runs of them above which the alarm fires. */
const maxFailedRuns = 2;
/** Periods in each of which detection fails before the alarm fires: a failure that passes is repeated. */
const failingPeriods = 3;

/** The period of the alarms of channels, whose runs begin at an interval. */
const computePeriodSeconds = (intervalMinutes: number): number => runsInPeriod * intervalMinutes * 60;

/** The watchers of the stage's channels, with their tables and alarms. */
export class HighlightsStack extends StageStack {
  constructor(scope: Construct, { deployment, image, configuration }: HighlightsStackProps) {
    super(scope, "highlights", { deployment });
    const { names, arns } = this;
    const { channels = [], outputBucket } = deployment;
    const tables = [
      this.#addTable("channels", names.channelsTable, channelsTable),
      this.#addTable("detections", names.detectionsTable, detectionsTable),
      this.#addTable("labels", names.labelsTable, labelsTable),
      this.#addTable("appearances", names.appearancesTable, appearancesTable),
    ];
    const jobsTable = new TableReference(this, "jobs-table", { name: names.jobsTable });
    const outputObjects = new BucketReference(this, "output-bucket", { name: outputBucket });
    const deadLetterQueue = new Queue(this, "invocation-dlq", {
      name: `${names.watcher}-dlq`,
      retentionSeconds: failedRunRetentionSeconds,
    });
    assertLambdaImage(deployment, image);
    const workerImage = resolveWorkerImage(this, image);
    const watchers = channels.map((channel) => {
      const watcher = new ChannelWatcher(this, `channel-${channel.name}`, {
        channel,
        limits: configuration.limits,
        image: workerImage,
        deadLetterQueue,
      });
      const { role } = watcher;
      for (const { table, definition } of tables)
        table.grantReadWrite(role, {
          calls: [
            "GetItem",
            "PutItem",
            "UpdateItem",
            // Segments by id.
            ...(definition === channelsTable ? (["Query"] as const) : []),
          ],
          indexes: definition.indexes.map(({ name }) => name),
        });
      // The reconciler starts submitted jobs, so the watcher needs no permission for tasks.
      jobsTable.grantReadWrite(role, { calls: ["GetItem", "PutItem", "UpdateItem"] });
      outputObjects.grantReadWritePrefix(role, archivePrefix);
      grantMediaKeys(role, "write");
      role.addPermission({
        actions: ["sns:Publish"],
        resources: [arns.of("sns", names.finishedJobsTopic)],
      });
      return { name: watcher.name, channel };
    });
    this.#addAlarms(watchers);
  }

  #addTable(id: string, name: string, definition: TableDefinition) {
    return { table: new RecordTable(this, id, { name, definition }), definition };
  }

  #addAlarms(watchers: readonly { readonly name: string; readonly channel: ChannelSettings }[]): void {
    const topicArn = this.arns.of("sns", this.names.alarmTopic);
    const deployCommand = `npx reelway deploy --stage ${this.deployment.stage}`;
    const stageMetric = (name: MetricName | ValueMetricName) =>
      [metricNamespace, name, { stage: buildNamePrefix(this.deployment) }] as const;
    const periodSeconds = computePeriodSeconds(
      Math.max(...watchers.map(({ channel }) => channel.intervalMinutes)),
    );
    addMetricAlarm(this, "channel-lag", topicArn, {
      description: `The newest processed segment of a channel is more than ${maxLagSeconds / 60} minutes old. The origin has stopped, or the watcher is too slow. Read its log: aws logs tail /aws/lambda/${this.names.watcher}-CHANNEL --since 1h. If it is too slow, raise the channel's memoryMiB and run: ${deployCommand}`,
      metric: stageMetric("ChannelLagSeconds"),
      statistic: "Maximum",
      periodSeconds,
      threshold: maxLagSeconds,
    });
    addMetricAlarm(this, "detection-lag", topicArn, {
      description: `Detection of a channel is more than ${maxDetectionLagSeconds / 60} minutes behind its archive. If it fails, the channel's message says why. If it does not, it is too slow: raise the channel's sceneThreshold, maxGapSeconds or memoryMiB and run: ${deployCommand}`,
      metric: stageMetric("DetectionLagSeconds"),
      statistic: "Maximum",
      periodSeconds,
      threshold: maxDetectionLagSeconds,
    });
    addMetricAlarm(this, "detection-failing", topicArn, {
      description:
        "Frames of a channel are archived and not searched, or only in part: the detector fails, or they cannot be decoded. Read the channel's message on the page or with GET /channels, and follow it. What is more than an hour behind is not searched afterwards.",
      metric: stageMetric("DetectionFailing"),
      statistic: "Sum",
      periodSeconds,
      periods: failingPeriods,
      threshold: 0,
    });
    addMetricAlarm(this, "detection-cap", topicArn, {
      description: `A channel has reached maxDetectionsPerHour or maxUsdPerDay. Until the next hour or day (UTC), more frames are archived than detected. To detect more, raise the cap, or sceneThreshold and maxGapSeconds, and run: ${deployCommand}`,
      metric: stageMetric("DetectionCapReached"),
      statistic: "Sum",
      periodSeconds,
      threshold: 0,
    });
    for (const { name, channel } of watchers) {
      const minutes = runsInPeriod * channel.intervalMinutes;
      addMetricAlarm(this, `watcher-errors-${channel.name}`, topicArn, {
        description: `More than ${maxFailedRuns} runs of the watcher of channel ${channel.name} failed in ${minutes} minutes. Read its log: aws logs tail /aws/lambda/${name} --since 1h`,
        metric: ["AWS/Lambda", "Errors", { FunctionName: name }],
        statistic: "Sum",
        periodSeconds: computePeriodSeconds(channel.intervalMinutes),
        threshold: maxFailedRuns,
      });
    }
  }
}
