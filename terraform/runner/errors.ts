import { UserError } from "../../pipeline/errors/errors.ts";
import type { Diagnostic } from "./messages.ts";

/** Terraform could not do what it was asked; the message holds its own words. */
export class TerraformError extends UserError {
  /** What Terraform said, warnings left out. */
  readonly diagnostics: readonly Diagnostic[];
  constructor(operation: string, diagnostics: readonly Diagnostic[], stderr: string) {
    const messages = diagnostics.map(({ summary, detail, address }) =>
      [`${address === undefined ? "" : `${address}: `}${summary.trim()}`, detail.trim()]
        .filter((part) => part !== "")
        .join("\n"),
    );
    super(`${operation} failed.\n${messages.join("\n") || stderr.trim() || "Terraform did not say why."}`);
    this.diagnostics = diagnostics;
  }
}

/** Somebody else works on the state. */
export class StateLockedError extends UserError {
  /** What `terraform force-unlock` takes; empty where Terraform could not read the lock. */
  readonly id: string;
  /** User and machine; empty where Terraform could not read the lock. */
  readonly who: string;
  /** `apply`, `plan` …; empty where Terraform could not read the lock. */
  readonly operation: string;
  /** Since when; undefined where Terraform could not read the lock. */
  readonly created: Date | undefined;
  /** Name of the stack. */
  readonly stackName: string;
  constructor(stack: string, { id, who, operation, created }: LockInfo) {
    const since = created === undefined ? "" : ` since ${created.toISOString()}`;
    super(
      id === ""
        ? `The state of ${stack} is locked; who holds the lock could not be read, as a holder that has just let go leaves none. Try again.`
        : `The state of ${stack} is locked by ${who}${since} (${operation}). Wait for it, e.g. with --lock-timeout 10m. ` +
            `Only if that process is surely gone: terraform force-unlock ${id}, in the stack's folder.`,
    );
    this.stackName = stack;
    this.id = id;
    this.who = who;
    this.operation = operation;
    this.created = created;
  }
}

/** Who holds a lock. */
export interface LockInfo {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  readonly created: Date | undefined;
}

/** A stack reads outputs of another that was not applied yet, or that puts out less than the code now reads. */
export class MissingStateError extends UserError {
  /** Name of the stack that must be applied first: `compute`. */
  readonly upstream: string;
  /** The output that is missing; undefined where the whole state is. */
  readonly output: string | undefined;
  constructor(stack: string, upstream: string, output?: string) {
    super(
      output === undefined
        ? `${stack} reads the state of the stack ${upstream}, which has none yet. Deploy ${upstream} first.`
        : `${stack} reads the output ${output} of the stack ${upstream}, whose state has none of that name yet. Deploy ${upstream} first.`,
    );
    this.upstream = upstream;
    this.output = output;
  }
}

/** The bucket that keeps the state is not there: the stage was never bootstrapped, or another account is asked. */
export class MissingStateBucketError extends UserError {
  readonly bucket: string;
  constructor(stack: string, bucket: string) {
    super(
      `The state of ${stack} lies in the bucket ${bucket}, which does not exist. Make it first: npx reelway bootstrap, with the same --stage. If it should be there, look whether the credentials are those of its account.`,
    );
    this.bucket = bucket;
  }
}

/** Go prints a time as `2026-11-21 11:00:00.123456789 +0000 UTC`. */
const parseGoTime = (text: string): Date | undefined => {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d* \+0000 UTC$/.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : new Date(`${day}T${time}Z`);
};

const lockConflictPattern = /PreconditionFailed|ConditionalRequestConflict|ConditionalCheckFailed/;

/** Reads the "Lock Info" that Terraform prints where another holds the lock; undefined for any other text. */
export const parseLockInfo = (detail: string): LockInfo | undefined => {
  const field = (name: string): string =>
    new RegExp(`^ *${name}: *(.*?) *$`, "m").exec(detail)?.[1]?.trim() ?? "";
  if (!detail.includes("Lock Info:"))
    return lockConflictPattern.test(detail)
      ? { id: "", who: "", operation: "", created: undefined }
      : undefined;
  return {
    id: field("ID"),
    who: field("Who"),
    operation: field("Operation")
      .replace(/^OperationType/, "")
      .toLowerCase(),
    created: parseGoTime(field("Created")),
  };
};

const remoteStatePattern = /data\.terraform_remote_state\.([\w-]+)/;

/**
 * Makes the error that fits what Terraform said.
 *
 * @param operation words such as `terraform plan of dev-storage`
 * @param stack name of the stack
 * @param upstreams the stack that each `terraform_remote_state` reads, by the data source's name
 * @param stderr what Terraform wrote outside its diagnostics
 */
export const classifyError = (
  operation: string,
  stack: string,
  upstreams: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
  stderr: string,
): TerraformError | StateLockedError | MissingStateError | MissingStateBucketError => {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const { summary, detail, address, snippet } of errors) {
    const lock = /state lock/i.test(summary) ? parseLockInfo(detail) : undefined;
    if (lock !== undefined) return new StateLockedError(stack, lock);
    const bucket = /S3 bucket "([^"]+)" does not exist/.exec(`${summary} ${detail}`)?.[1];
    if (bucket !== undefined) return new MissingStateBucketError(stack, bucket);
    const sourceName =
      remoteStatePattern.exec(snippet?.code ?? "")?.[1] ?? remoteStatePattern.exec(address ?? "")?.[1];
    const upstream = sourceName === undefined ? undefined : (upstreams.get(sourceName) ?? sourceName);
    if (upstream === undefined) continue;
    const output = /object does not have an attribute named "([^"]+)"/.exec(detail)?.[1];
    if (output !== undefined) return new MissingStateError(stack, upstream, output);
  }
  for (const { detail, summary, address } of errors) {
    const sourceName = remoteStatePattern.exec(address ?? "")?.[1];
    if (sourceName !== undefined && /No stored state was found/.test(`${summary} ${detail}`))
      return new MissingStateError(stack, upstreams.get(sourceName) ?? sourceName);
  }
  return new TerraformError(operation, errors, stderr);
};
