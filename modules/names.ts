import { createHash } from "node:crypto";
import type { ChannelSettings } from "../pipeline/configuration/channels-schema.ts";
import type { Stage } from "../pipeline/configuration/configuration.ts";

/** A stage of a project with its settings. */
export interface Deployment extends Stage {
  /** Prefix of every name. */
  readonly project: string;
  /** Name of the stage. */
  readonly stage: string;
  /** Live channels that the stage watches. @default none */
  readonly channels?: readonly ChannelSettings[];
}

/** Computes the suffix of a shortened name: eight hexadecimal characters of the full name's SHA-256. */
const computeHashSuffix = (name: string): string =>
  createHash("sha256").update(name).digest("hex").slice(0, 8);

/** Builds the common prefix of a deployment's resource names: project and stage. */
export const buildNamePrefix = ({ project, stage }: Pick<Deployment, "project" | "stage">): string =>
  `${project}-${stage}`;

/**
 * Builds the name of a resource: project, stage and suffix, joined by `-`. A name that is too long is truncated and ends
 * in a hash of the full name, which keeps it unique and stable.
 *
 * @param maxLength limit of the service in characters: 64 for roles and functions, 63 for buckets, 80 for queues
 */
export const buildResourceName = (
  deployment: Pick<Deployment, "project" | "stage">,
  suffix: string,
  maxLength = 63,
): string => {
  const name = `${buildNamePrefix(deployment)}-${suffix}`;
  return name.length <= maxLength
    ? name
    : `${name.slice(0, maxLength - 9).replace(/-+$/, "")}-${computeHashSuffix(name)}`;
};

/** Builds the name of a channel's function and schedule; the schedule's role appends `-schedule`. */
export const buildWatcherName = (
  deployment: Pick<Deployment, "project" | "stage">,
  channel: string,
): string => buildResourceName(deployment, `watcher-${channel}`, 55);

/** Builds the name of a direct route: of its bus and its rules. Its roles append a word. */
export const buildDirectRouteName = (
  deployment: Pick<Deployment, "project" | "stage">,
  routeName: string,
): string => buildResourceName(deployment, `route-${routeName}`, 54);

/** Builds the names of the resources that several stacks or commands use. */
export const buildDeploymentNames = (deployment: Deployment) => {
  const buildName = (suffix: string, maxLength?: number) => buildResourceName(deployment, suffix, maxLength);
  return {
    stateBucket: deployment.stateBucket ?? buildName("state"),
    stateLogBucket: `${deployment.stateBucket ?? buildName("state", 58)}-logs`,
    codeBucket: deployment.codeBucket ?? buildName("code"),
    logBucket: deployment.logBucket ?? buildName("logs"),
    /** Bucket of the page. */
    siteBucket: deployment.siteBucket ?? buildName("site"),
    /** ECR repository of the worker's image. */
    imageRepository: buildName("ffmpeg"),
    jobsTable: buildName("jobs"),
    transcoderTable: buildName("transcoder"),
    responsesTable: buildName("responses"),
    channelsTable: buildName("channels"),
    detectionsTable: buildName("detections"),
    labelsTable: buildName("labels"),
    appearancesTable: buildName("appearances"),
    /** The dead-letter queue of the channels' functions appends `-dlq`. */
    watcher: buildName("watcher"),
    cluster: buildName("workers"),
    /** Family of the worker's task definition; its roles append `-task` and `-execution`. */
    workerTaskFamily: buildName("ffmpeg", 54),
    router: buildName("router"),
    jobEvents: buildName("job-events"),
    reconciler: buildName("reconciler"),
    sweep: buildName("sweep"),
    onOutput: buildName("on-output"),
    onJobFinished: buildName("on-job-finished"),
    webhooks: buildName("webhooks"),
    /** The queue of a webhook is named by this prefix and the name of the webhook. */
    webhookQueuePrefix: `${buildNamePrefix(deployment)}-webhook-`,
    /** The HTTP API, its function, and the secret with its keys. */
    api: buildName("api"),
    responseEvents: buildName("response-events"),
    /** Secret with the API's users and tokens. */
    accounts: buildName("accounts"),
    /** Cognito user pool. */
    userPool: buildName("users"),
    transcoderApi: buildName("transcoder-api"),
    transcoderDispatcher: buildName("transcoder-dispatcher"),
    transcoderEvents: buildName("transcoder-events"),
    /** Topic of finished jobs. */
    finishedJobsTopic: buildName("finished-jobs"),
    /** Notification topic of the transcoder pipeline for Reelway's own jobs. */
    transcoderTopic: buildName("transcoder-notifications"),
    alarmTopic: buildName("alarms"),
    /** Secret with all transcoder keys, and secret with those of scope `read`. */
    transcoderKeys: buildName("transcoder-keys"),
    transcoderReadKey: buildName("transcoder-read-key"),
    /** Secret with the private playback keys. */
    playbackKeys: buildName("playback"),
    /** SSM parameter by which the function `api` finds the site's domain and key ids. */
    siteParameter: `/${deployment.project}/${deployment.stage}/site`,
    /** Transcoder pipeline for Reelway's own jobs; at most 40 characters. */
    transcoderPipeline: buildName("uploads", 40),
    /** Secret with the header that CloudFront sends to the API. */
    originSecret: buildName("origin-verify"),
    /** Origin access control of the buckets. */
    originAccess: buildName("site"),
    /** Delivery source and destination of CloudFront's access logs; at most 60 characters. */
    distributionLogs: buildName("site", 60),
    /** Permissions boundary of all roles. */
    permissionsBoundary: buildName("boundary"),
    /** Alias of the key of Terraform's states, without `alias/`. */
    stateKeyAlias: buildName("state"),
    planRole: buildName("plan"),
    /** Managed policy of the people who operate the stage. */
    operatorPolicy: buildName("operator"),
    applyRole: buildName("apply"),
  };
};
/** Names of a deployment's resources. */
export type DeploymentNames = ReturnType<typeof buildDeploymentNames>;
