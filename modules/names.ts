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
const tail = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 8);

/**
 * The name of a resource: project, stage and what it is, joined by `-`. A name longer than the service takes is cut
 * and ends in a hash of the whole, so that two long names stay apart and each stays the same from synth to synth.
 *
 * @param limit characters the service allows: 64 for roles and functions, 63 for buckets, 80 for queues
 */
export const resourceName = (
  { project, stage }: Pick<Deployment, "project" | "stage">,
  what: string,
  limit = 63,
): string => {
  const name = `${project}-${stage}-${what}`;
  return name.length <= limit ? name : `${name.slice(0, limit - 9).replace(/-+$/, "")}-${tail(name)}`;
};

/** The names that several stacks of a deployment, and its commands, know resources by. */
export const deploymentNames = (deployment: Deployment) => {
  const name = (what: string, limit?: number) => resourceName(deployment, what, limit);
  return {
    stateBucket: deployment.stateBucket ?? name("state"),
    stateLogBucket: `${deployment.stateBucket ?? name("state", 58)}-logs`,
    codeBucket: deployment.codeBucket ?? name("code"),
    logBucket: deployment.logBucket ?? name("logs"),
    /** Repository of the worker's image in the account's registry. */
    repository: name("ffmpeg"),
    jobsTable: name("jobs"),
    transcoderTable: name("transcoder"),
    cluster: name("workers"),
    /** Family of the worker's task definition; its roles are this name and `-task`, `-execution`. */
    worker: name("ffmpeg", 54),
    router: name("router"),
    jobEvents: name("job-events"),
    reconciler: name("reconciler"),
    sweep: name("sweep"),
    onOutput: name("on-output"),
    transcoderApi: name("transcoder-api"),
    transcoderDispatcher: name("transcoder-dispatcher"),
    transcoderEvents: name("transcoder-events"),
    /** Topic of finished jobs. */
    topic: name("finished-jobs"),
    /** Topic that the transcoder pipeline of Reelway's own jobs tells. */
    transcoderTopic: name("transcoder-notifications"),
    alarms: name("alarms"),
    /** Secrets with the transcoder's keys: of all, and of those that only read. */
    transcoderKeys: name("transcoder-keys"),
    transcoderReadKey: name("transcoder-read-key"),
    /** The transcoder pipeline of Reelway's own jobs; at most 40 characters. */
    transcoderPipeline: name("uploads", 40),
    /** Policy that bounds every role we make. */
    boundary: name("boundary"),
    planRole: name("plan"),
    applyRole: name("apply"),
  };
};
export type DeploymentNames = ReturnType<typeof deploymentNames>;
