import { createHash } from "node:crypto";
import type { Stage } from "../pipeline/configuration/configuration.ts";

/** Which deployment a stack belongs to. */
export interface Deployment extends Stage {
  /** Prefix of every name. */
  readonly project: string;
  /** Name of the stage. */
  readonly stage: string;
}

/** The tail of a shortened name: eight hexadecimal characters of the SHA-256 of the whole one. */
const computeHashSuffix = (name: string): string =>
  createHash("sha256").update(name).digest("hex").slice(0, 8);

/** The start of every name of a deployment: project and stage. */
export const buildNamePrefix = ({ project, stage }: Pick<Deployment, "project" | "stage">): string =>
  `${project}-${stage}`;

/**
 * The name of a resource: project, stage and what it is, joined by `-`. A name longer than the service takes is cut
 * and ends in a hash of the whole, so that two long names stay apart and each stays the same from synth to synth.
 *
 * @param maxLength characters the service allows: 64 for roles and functions, 63 for buckets, 80 for queues
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

/** The names that several stacks of a deployment, and its commands, know resources by. */
export const buildDeploymentNames = (deployment: Deployment) => {
  const buildName = (suffix: string, maxLength?: number) => buildResourceName(deployment, suffix, maxLength);
  return {
    stateBucket: deployment.stateBucket ?? buildName("state"),
    stateLogBucket: `${deployment.stateBucket ?? buildName("state", 58)}-logs`,
    codeBucket: deployment.codeBucket ?? buildName("code"),
    logBucket: deployment.logBucket ?? buildName("logs"),
    /** Repository of the worker's image in the account's registry. */
    imageRepository: buildName("ffmpeg"),
    jobsTable: buildName("jobs"),
    transcoderTable: buildName("transcoder"),
    cluster: buildName("workers"),
    /** Family of the worker's task definition; its roles are this name and `-task`, `-execution`. */
    workerTaskFamily: buildName("ffmpeg", 54),
    router: buildName("router"),
    jobEvents: buildName("job-events"),
    reconciler: buildName("reconciler"),
    sweep: buildName("sweep"),
    onOutput: buildName("on-output"),
    transcoderApi: buildName("transcoder-api"),
    transcoderDispatcher: buildName("transcoder-dispatcher"),
    transcoderEvents: buildName("transcoder-events"),
    /** Topic of finished jobs. */
    finishedJobsTopic: buildName("finished-jobs"),
    /** Topic that the transcoder pipeline of Reelway's own jobs tells. */
    transcoderTopic: buildName("transcoder-notifications"),
    alarmTopic: buildName("alarms"),
    /** Secrets with the transcoder's keys: of all, and of those that only read. */
    transcoderKeys: buildName("transcoder-keys"),
    transcoderReadKey: buildName("transcoder-read-key"),
    /** The transcoder pipeline of Reelway's own jobs; at most 40 characters. */
    transcoderPipeline: buildName("uploads", 40),
    /** Policy that bounds every role we make. */
    permissionsBoundary: buildName("boundary"),
    planRole: buildName("plan"),
    applyRole: buildName("apply"),
  };
};
export type DeploymentNames = ReturnType<typeof buildDeploymentNames>;
