import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { MissingStateBucketError } from "../runner/errors.ts";
import type { ChangeCounts } from "../runner/messages.ts";
import { renderCounts } from "../runner/render-progress.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
import { isSameContent, type StoredState } from "../runner/state.ts";
import { openTerraform, type Terraform, type TerraformOptions } from "../runner/terraform.ts";
import { openWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** The bucket and the working copy hold different states of the state stack. */
export class StateConflictError extends UserError {
  constructor(bucket: string, remote: StoredState, directory: string, local: StoredState) {
    super(
      `Two different states of the state stack exist: in the bucket ${bucket} (lineage ${remote.lineage}, serial ${remote.serial}, ${remote.resourceCount} resources) ` +
        `and in ${directory} (lineage ${local.lineage}, serial ${local.serial}, ${local.resourceCount} resources). ` +
        "If a destroy was interrupted, run it again. Otherwise remove the folder if the state in the bucket is correct.",
    );
  }
}

/** The state bucket already exists and contains objects, but no state of this stage. */
export class BucketInUseError extends UserError {
  constructor(bucket: string) {
    super(
      `The bucket ${bucket} already exists and contains objects, but no state of this stage's state stack. Set another stateBucket in the configuration, or restore the state: docs/state.md`,
    );
  }
}

/** Options of `bootstrapStage`. */
export interface BootstrapOptions extends Omit<TerraformOptions, "directory"> {
  /** The stage's state stack. */
  readonly stack: SynthesizedStack;
  /** Bucket that the stack creates and that holds its state. */
  readonly bucket: string;
  /** Folder for working copies, e.g. `.reelway/state`. */
  readonly workingDirectory: string;
  /** Client for the stage's region. */
  readonly s3: S3Client;
  /** Called with a line for each step. */
  readonly report: (line: string) => void;
}

/** Result of `bootstrapStage`. */
export interface BootstrapResult {
  readonly bucket: string;
  /** `created`: the state was moved into the bucket; `updated`: changes were applied; `unchanged`: none were applied. */
  readonly outcome: "created" | "updated" | "unchanged";
  /** Planned changes that were not applied because the plan destroys resources. */
  readonly pendingChanges: ChangeCounts;
}

const noChanges: ChangeCounts = { add: 0, change: 0, remove: 0, import: 0 };

/** Reads the state from the bucket. */
const readRemoteState = async (
  terraform: Terraform,
): Promise<{ readonly hasBucket: boolean; readonly state?: StoredState }> => {
  try {
    await terraform.init();
  } catch (cause) {
    if (cause instanceof MissingStateBucketError) return { hasBucket: false };
    throw cause;
  }
  const state = await terraform.pullState();
  return state === undefined || state.resourceCount === 0 ? { hasBucket: true } : { hasBucket: true, state };
};

const stackSchema = z.looseObject({
  resource: z
    .looseObject({ aws_s3_bucket: z.record(z.string(), z.looseObject({ bucket: z.string() })).optional() })
    .optional(),
});

/** Returns the Terraform address of the state bucket. */
const findBucketAddress = async ({ stack, bucket }: BootstrapOptions): Promise<string> => {
  const text = await readFile(join(stack.directory, "cdk.tf.json"), "utf8");
  const buckets = stackSchema.parse(JSON.parse(text)).resource?.aws_s3_bucket ?? {};
  const match = Object.entries(buckets).find(([, one]) => one.bucket === bucket);
  if (match === undefined)
    throw new UserError(`The stack ${stack.name} does not define the bucket ${bucket}.`);
  return `aws_s3_bucket.${match[0]}`;
};

/**
 * Imports a bucket that an interrupted run created but did not record in its state. The bucket must be empty, because a
 * bucket with objects may belong to somebody else.
 */
const importBucket = async (options: BootstrapOptions, copy: WorkingCopy): Promise<void> => {
  const { bucket, s3, report } = options;
  const address = await findBucketAddress(options);
  const managedResources = (await copy.localState()) === undefined ? [] : await copy.terraform.resources();
  if (managedResources.some((one) => one.address === address)) return;
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }),
  );
  if (Versions.length + DeleteMarkers.length > 0) throw new BucketInUseError(bucket);
  report(
    `The bucket ${bucket} exists and is empty, but is not in the state: an earlier run was interrupted. Importing it.`,
  );
  await copy.terraform.import(address, bucket);
};

/** Creates the stack, or its missing resources, with a local state. */
const createStack = async (
  options: BootstrapOptions,
  copy: WorkingCopy,
  hasBucket: boolean,
): Promise<void> => {
  const { report, stack } = options;
  if ((await copy.localState()) !== undefined)
    report(`An earlier run was interrupted; continuing with its state in ${copy.directory}.`);
  await copy.useLocalState();
  if (hasBucket) await importBucket(options, copy);
  const plan = await copy.terraform.plan();
  if (!plan.hasChanges) {
    report(`${stack.name} is complete.`);
    return;
  }
  report(`Creating ${stack.name} with a local state: ${renderCounts(plan.counts)}.`);
  await copy.terraform.apply(plan.planPath);
};

/** Moves the local state into the bucket and verifies the copy. */
const moveState = async (options: BootstrapOptions, copy: WorkingCopy): Promise<void> => {
  const { bucket, report } = options;
  const local = await copy.localState();
  if (local === undefined)
    throw new UserError(`The stack was created, but its state is missing in ${copy.directory}.`);
  report(`Moving the state into the bucket ${bucket}.`);
  await copy.moveToBucket();
  const remote = await copy.terraform.pullState();
  if (remote === undefined || !isSameContent(remote, local))
    throw new UserError(
      `The state in the bucket ${bucket} differs from the one that was moved there, which is kept in ${copy.directory}. Compare both before you continue: docs/state.md`,
    );
  await copy.remove();
};

/**
 * Creates the stack that holds the states of all stacks, its own included: first with a local state, which is then moved
 * into the new bucket. An interrupted run can be repeated. On an existing stack it applies later changes, unless they
 * destroy resources.
 *
 * @throws StateConflictError; BucketInUseError; errors of Terraform
 */
export const bootstrapStage = async (options: BootstrapOptions): Promise<BootstrapResult> => {
  const { stack, bucket, workingDirectory, s3: _, report, ...terraformOptions } = options;
  const terraform = await openTerraform({ ...terraformOptions, directory: stack.directory });
  const remote = await readRemoteState(terraform);
  const copy = await openWorkingCopy(stack, workingDirectory, terraformOptions);
  const local = await copy.localState();
  if (remote.state === undefined) {
    await createStack(options, copy, remote.hasBucket);
    await moveState(options, copy);
    return { bucket, outcome: "created", pendingChanges: noChanges };
  }
  if (local !== undefined && !isSameContent(local, remote.state))
    throw new StateConflictError(bucket, remote.state, copy.directory, local);
  if (local !== undefined)
    report(`The state is already in the bucket; removing the copy in ${copy.directory}.`);
  await copy.remove();
  const { hasChanges, counts, planPath } = await terraform.plan();
  if (!hasChanges) return { bucket, outcome: "unchanged", pendingChanges: noChanges };
  // Destroying resources needs a confirmation, which `reelway deploy` asks for.
  if (counts.remove > 0) return { bucket, outcome: "unchanged", pendingChanges: counts };
  report(`Updating ${stack.name}: ${renderCounts(counts)}.`);
  await terraform.apply(planPath);
  return { bucket, outcome: "updated", pendingChanges: noChanges };
};
