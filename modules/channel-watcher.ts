import { Construct } from "constructs";
import {
  archivePrefix,
  type ChannelSettings,
  serializeChannels,
} from "../pipeline/configuration/channels-schema.ts";
import type { Limits } from "../pipeline/configuration/configuration.ts";
import { serializeLimits } from "../pipeline/configuration/route-schema.ts";
import type { watcherEnvironment } from "../pipeline/environment/watcher.ts";
import { buildChannelSchedule } from "./channel-schedule.ts";
import { ImageFunction } from "./function.ts";
import type { EnvironmentVariables } from "./function-environment.ts";
import { buildWatcherName } from "./names.ts";
import type { Queue } from "./queue.ts";
import type { ServiceRole } from "./role.ts";
import { Schedule } from "./schedule.ts";
import { StageStack } from "./stack.ts";

/** Properties of `ChannelWatcher`. */
export interface ChannelWatcherProps {
  readonly channel: ChannelSettings;
  /** Limits of its frames and of the jobs of its clips. */
  readonly limits: Limits;
  /** Worker image with digest: `URI@sha256:…`. */
  readonly image: string;
  /** Dead-letter queue for failed runs. */
  readonly deadLetterQueue: Queue;
}

/** A run ends by itself before a minute is over. */
const timeoutSeconds = 75;
/** A segment that is copied has up to 256 MB. */
const ephemeralStorageMb = 2048;
/** EventBridge Scheduler invokes at any second of a minute, so the next run can begin before the last one ends. */
const reservedConcurrency = 2;
/** Program of the worker's image. */
const command = ["/usr/bin/node", "/app/watcher.cjs"];

/** The function that watches one channel, and its schedule. A failed run is not repeated: the next one does its work. */
export class ChannelWatcher extends Construct {
  readonly name: string;
  readonly role: ServiceRole;

  constructor(
    scope: Construct,
    id: string,
    { channel, limits, image, deadLetterQueue }: ChannelWatcherProps,
  ) {
    super(scope, id);
    const { arns, deployment, names } = StageStack.of(this);
    const environment: EnvironmentVariables<typeof watcherEnvironment> = {
      CHANNELS: serializeChannels([channel]),
      CHANNELS_TABLE: names.channelsTable,
      DETECTIONS_TABLE: names.detectionsTable,
      LABELS_TABLE: names.labelsTable,
      APPEARANCES_TABLE: names.appearancesTable,
      JOBS_TABLE: names.jobsTable,
      ARCHIVE_BUCKET: deployment.outputBucket,
      ARCHIVE_PREFIX: archivePrefix,
      OUTPUT_BUCKET: deployment.outputBucket,
      LIMITS: serializeLimits(limits),
      TOPIC_ARN: arns.of("sns", names.finishedJobsTopic),
      SCRATCH_DIRECTORY: "/tmp",
    };
    const name = buildWatcherName(deployment, channel.name);
    const lambdaFunction = new ImageFunction(this, "function", {
      name,
      description: `Watches the channel ${channel.name}`,
      image,
      architecture: deployment.worker.architecture,
      command,
      environment,
      timeoutSeconds,
      memoryMb: channel.memoryMiB,
      ephemeralStorageMb,
      reservedConcurrency,
      deadLetterQueue,
    });
    new Schedule(this, "schedule", {
      name,
      ...buildChannelSchedule(channel),
      lambdaFunction,
      deadLetterQueue,
    });
    this.name = lambdaFunction.name;
    this.role = lambdaFunction.role;
    this.#grantDetection(channel);
  }

  /** Grants the calls of the channel's detector and clipper. */
  #grantDetection({ detector, celebrities, clipper }: ChannelSettings): void {
    if (detector === "rekognition")
      this.role.addPermission({
        actions: ["rekognition:DetectLabels", ...(celebrities ? ["rekognition:RecognizeCelebrities"] : [])],
        resources: ["*"],
      });
    if (clipper !== "worker")
      this.role.addPermission({
        actions: ["secretsmanager:GetSecretValue"],
        resources: [StageStack.of(this).arns.secret(clipper.elementalDelta.secret)],
      });
  }
}
