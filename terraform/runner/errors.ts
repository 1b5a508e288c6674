import {
  credentialsAdvice,
  expiredCredentialsCodes,
  expiredCredentialsMessage,
} from "../../adapters/aws/aws-error.ts";
import { UserError } from "../../pipeline/errors/errors.ts";
import type { Diagnostic } from "./messages.ts";

/** A Terraform command failed; the message contains its diagnostics. */
export class TerraformError extends UserError {
  /** Terraform's errors, without warnings. */
  readonly diagnostics: readonly Diagnostic[];
  constructor(operation: string, diagnostics: readonly Diagnostic[], stderr: string) {
    const messages = diagnostics.map(({ summary, detail, address }) =>
      [`${address === undefined ? "" : `${address}: `}${summary.trim()}`, detail.trim()]
        .filter((part) => part !== "")
        .join("\n"),
    );
    super(
      `${operation} failed.\n${messages.join("\n") || stderr.trim() || "Terraform printed no error message."}`,
    );
    this.diagnostics = diagnostics;
  }
}

/** The state is locked by another process. */
export class StateLockedError extends UserError {
  /** Lock id for `terraform force-unlock`; empty if Terraform could not read the lock. */
  readonly id: string;
  /** User and machine; empty if Terraform could not read the lock. */
  readonly who: string;
  /** E.g. `apply` or `plan`; empty if Terraform could not read the lock. */
  readonly operation: string;
  /** Time of the lock; undefined if Terraform could not read the lock. */
  readonly created: Date | undefined;
  /** Name of the stack. */
  readonly stackName: string;
  constructor(stack: string, { id, who, operation, created }: LockInfo) {
    const since = created === undefined ? "" : ` since ${created.toISOString()}`;
    super(
      id === ""
        ? `The state of ${stack} is locked, but the lock could not be read; it may have just been released. Try again.`
        : `The state of ${stack} is locked by ${who}${since} (${operation}). To wait for it: --lock-timeout 10m. ` +
            `Only if that process no longer runs, run in the stack's folder: terraform force-unlock ${id}`,
    );
    this.stackName = stack;
    this.id = id;
    this.who = who;
    this.operation = operation;
    this.created = created;
  }
}

/** Information about a lock. */
export interface LockInfo {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  readonly created: Date | undefined;
}

/** A stack reads an output of another stack that is not deployed or does not have the output yet. */
export class MissingStateError extends UserError {
  /** Name of the stack that must be applied first, e.g. `compute`. */
  readonly upstream: string;
  /** The missing output; undefined if the whole state is missing. */
  readonly output: string | undefined;
  constructor(stack: string, upstream: string, output?: string) {
    super(
      output === undefined
        ? `${stack} reads the state of the stack ${upstream}, which is not deployed. Deploy ${upstream} first.`
        : `${stack} reads the output ${output} of the stack ${upstream}, which does not exist yet. Deploy ${upstream} first.`,
    );
    this.upstream = upstream;
    this.output = output;
  }
}

/** The state bucket does not exist: the stage is not bootstrapped, or the credentials belong to another account. */
export class MissingStateBucketError extends UserError {
  readonly bucket: string;
  constructor(stack: string, bucket: string) {
    super(
      `The state bucket ${bucket} of ${stack} does not exist. Create it first, with the same --stage: npx reelway bootstrap. If it should exist, check that the credentials belong to its account.`,
    );
    this.bucket = bucket;
  }
}

/** The AWS credentials are missing or expired. */
export class CredentialsError extends UserError {}

const toCredentialsError = (text: string): CredentialsError | undefined => {
  if (/no valid credential sources found/i.test(text))
    return new CredentialsError(`No AWS credentials found. ${credentialsAdvice}`);
  const codes = /api error (\w+)/g;
  const isExpired = [...text.matchAll(codes)].some(([, code = ""]) => expiredCredentialsCodes.has(code));
  return isExpired ? new CredentialsError(expiredCredentialsMessage) : undefined;
};

/** Parses a time printed by Go, e.g. `2026-11-21 11:00:00.123456789 +0000 UTC`. */
const parseGoTime = (text: string): Date | undefined => {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d* \+0000 UTC$/.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : new Date(`${day}T${time}Z`);
};

const lockConflictPattern = /PreconditionFailed|ConditionalRequestConflict|ConditionalCheckFailed/;

/** Parses the "Lock Info" that Terraform prints for a held lock; undefined for other texts. */
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
 * Converts Terraform's errors to the most specific error class.
 *
 * @param operation e.g. `terraform plan of dev-storage`
 * @param stack name of the stack
 * @param upstreams stack names by name of their `terraform_remote_state` data source
 * @param stderr Terraform's output outside its diagnostics
 */
export const classifyError = (
  operation: string,
  stack: string,
  upstreams: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
  stderr: string,
): CredentialsError | TerraformError | StateLockedError | MissingStateError | MissingStateBucketError => {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const { summary, detail, address, snippet } of errors) {
    const credentialsError = toCredentialsError(`${summary}\n${detail}`);
    if (credentialsError !== undefined) return credentialsError;
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
