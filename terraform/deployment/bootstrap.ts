import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { MissingStateBucketError } from "../runner/errors.ts";
import type { ChangeCounts } from "../runner/messages.ts";
import { renderCounts } from "../runner/render-progress.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { isSameContent, type StoredState } from "../runner/state.ts";
import { openTerraform, type Terraform, type TerraformOptions } from "../runner/terraform.ts";
import { openWorkingCopy, type WorkingCopy } from "./working-copy.ts";

/** Two states claim to be the stage's; a person must say which is right. */
export class StateConflictError extends UserError {
  constructor(bucket: string, remote: StoredState, directory: string, local: StoredState) {
    super(
      `There are two states of the state stack: in the bucket ${bucket} (lineage ${remote.lineage}, serial ${remote.serial}, ${remote.resourceCount} resources) ` +
        `and in ${directory} (lineage ${local.lineage}, serial ${local.serial}, ${local.resourceCount} resources). ` +
        "A destroy that was stopped leaves them so: run it again. Else remove the folder if the bucket's is right.",
    );
  }
}

/** A bucket of the state's name is there, with content that is no state of this stage. */
export class BucketInUseError extends UserError {
  constructor(bucket: string) {
    super(
      `The bucket ${bucket} is there already and holds objects, but no state of this stage's state stack. Name another as stateBucket in the configuration, or bring the state back: docs/state.md`,
    );
  }
}

export interface BootstrapOptions extends Omit<TerraformOptions, "directory"> {
  /** The stage's state stack. */
  readonly stack: SynthesisedStack;
  /** Bucket that the stack makes, and that its state goes to. */
  readonly bucket: string;
  /** Folder for working copies, e.g. `.reelway/state`. */
  readonly workingDirectory: string;
  /** Of the stage's region. */
  readonly s3: S3Client;
  /** Told each step in words. */
  readonly report: (line: string) => void;
}

export interface BootstrapResult {
  readonly bucket: string;
  /** `made`: the state went into the bucket now; `changed`: it was there, the code asked for more; `stood`: for none. */
  readonly outcome: "created" | "updated" | "unchanged";
  /** What the code would change about what stood and was left alone, as something would be destroyed. */
  readonly pendingChanges: ChangeCounts;
}

const noChanges: ChangeCounts = { add: 0, change: 0, remove: 0, import: 0 };

/** The state in the bucket; `bucket` tells whether that is there. */
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

/** Address of the bucket in the stack. */
const findBucketAddress = async ({ stack, bucket }: BootstrapOptions): Promise<string> => {
  const text = await readFile(join(stack.directory, "cdk.tf.json"), "utf8");
  const buckets = stackSchema.parse(JSON.parse(text)).resource?.aws_s3_bucket ?? {};
  const match = Object.entries(buckets).find(([, one]) => one.bucket === bucket);
  if (match === undefined) throw new UserError(`The stack ${stack.name} makes no bucket ${bucket}.`);
  return `aws_s3_bucket.${match[0]}`;
};

/**
 * Takes a bucket into the local state that a run made and was killed before it noted so. Only an empty one: another's
 * would be.
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
    `The bucket ${bucket} is there and empty, but in no state: an earlier run was stopped. Taking it over.`,
  );
  await copy.terraform.import(address, bucket);
};

/** Makes the stack, or the rest of it, with a local state. */
const createStack = async (
  options: BootstrapOptions,
  copy: WorkingCopy,
  hasBucket: boolean,
): Promise<void> => {
  const { report, stack } = options;
  if ((await copy.localState()) !== undefined)
    report(`An earlier run was stopped; going on from its state in ${copy.directory}.`);
  await copy.useLocalState();
  if (hasBucket) await importBucket(options, copy);
  const plan = await copy.terraform.plan();
  if (!plan.hasChanges) {
    report(`${stack.name} stands whole.`);
    return;
  }
  report(`Making ${stack.name} with a local state: ${renderCounts(plan.counts)}.`);
  await copy.terraform.apply(plan.planPath);
};

/** Brings the local state into the bucket and makes sure that it is the same one there. */
const moveState = async (options: BootstrapOptions, copy: WorkingCopy): Promise<void> => {
  const { bucket, report } = options;
  const local = await copy.localState();
  if (local === undefined)
    throw new UserError(`No state lies in ${copy.directory}, though the stack was made.`);
  report(`Moving the state into the bucket ${bucket}.`);
  await copy.moveToBucket();
  const remote = await copy.terraform.pullState();
  if (remote === undefined || !isSameContent(remote, local))
    throw new UserError(
      `The state in the bucket ${bucket} is not the one that was moved there, which stays in ${copy.directory}. Look at both before you go on: docs/state.md`,
    );
  await copy.remove();
};

/**
 * Makes the stack that keeps the state of all others, itself included: with a local state at first, which then moves
 * into the bucket that was made. Run again, it goes on where an earlier run was stopped; where all stands it makes and
 * changes what the code asks for since, and destroys nothing.
 *
 * @throws StateConflictError or BucketInUseError where only a person can tell what is right, and what Terraform throws
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
  if (local !== undefined) report(`The state has been moved before; removing the copy in ${copy.directory}.`);
  await copy.remove();
  const { hasChanges, counts, planPath } = await terraform.plan();
  if (!hasChanges) return { bucket, outcome: "unchanged", pendingChanges: noChanges };
  // What would be lost is asked about first, which is for `reelway deploy` to do.
  if (counts.remove > 0) return { bucket, outcome: "unchanged", pendingChanges: counts };
  report(`${stack.name} stands; the code asks for more: ${renderCounts(counts)}.`);
  await terraform.apply(planPath);
  return { bucket, outcome: "updated", pendingChanges: noChanges };
};
