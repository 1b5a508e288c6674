import type { Diagnostic } from "./messages.ts";

/** Terraform could not do what it was asked; the message holds its own words. */
export class TerraformFailed extends Error {
  /** What Terraform said, warnings left out. */
  readonly diagnostics: readonly Diagnostic[];
  constructor(what: string, diagnostics: readonly Diagnostic[], said: string) {
    const told = diagnostics.map(({ summary, detail, address }) =>
      [`${address === undefined ? "" : `${address}: `}${summary.trim()}`, detail.trim()]
        .filter((part) => part !== "")
        .join("\n"),
    );
    super(`${what} failed.\n${told.join("\n") || said.trim() || "Terraform did not say why."}`);
    this.name = "TerraformFailed";
    this.diagnostics = diagnostics;
  }
}

/** Somebody else works on the state. */
export class StateLocked extends Error {
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
  constructor(stack: string, { id, who, operation, created }: LockHolder) {
    const since = created === undefined ? "" : ` since ${created.toISOString()}`;
    super(
      id === ""
        ? `The state of ${stack} is locked; who holds the lock could not be read, as a holder that has just let go leaves none. Try again.`
        : `The state of ${stack} is locked by ${who}${since} (${operation}). Wait for it, e.g. with --lock-timeout 10m. ` +
            `Only if that process is surely gone: terraform force-unlock ${id}, in the stack's folder.`,
    );
    this.name = "StateLocked";
    this.stackName = stack;
    this.id = id;
    this.who = who;
    this.operation = operation;
    this.created = created;
  }
}

/** Who holds a lock. */
export interface LockHolder {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  readonly created: Date | undefined;
}

/** A stack reads outputs of another that was not applied yet, or that puts out less than the code now reads. */
export class NoStoredState extends Error {
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
    this.name = "NoStoredState";
    this.upstream = upstream;
    this.output = output;
  }
}

/** The bucket that keeps the state is not there: the stage was never bootstrapped, or another account is asked. */
export class NoStateBucket extends Error {
  readonly bucket: string;
  constructor(stack: string, bucket: string) {
    super(
      `The state of ${stack} lies in the bucket ${bucket}, which does not exist. Make it first: npx reelway bootstrap, with the same --stage. If it should be there, look whether the credentials are those of its account.`,
    );
    this.name = "NoStateBucket";
    this.bucket = bucket;
  }
}

/** Go prints a time as `2026-11-21 11:00:00.123456789 +0000 UTC`. */
const goTime = (text: string): Date | undefined => {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d* \+0000 UTC$/.exec(text) ?? [];
  return day === undefined || time === undefined ? undefined : new Date(`${day}T${time}Z`);
};

const lockTaken = /PreconditionFailed|ConditionalRequestConflict|ConditionalCheckFailed/;

/** Reads the "Lock Info" that Terraform prints where another holds the lock; undefined for any other text. */
export const readLock = (detail: string): LockHolder | undefined => {
  const field = (name: string): string =>
    new RegExp(`^ *${name}: *(.*?) *$`, "m").exec(detail)?.[1]?.trim() ?? "";
  if (!detail.includes("Lock Info:"))
    return lockTaken.test(detail) ? { id: "", who: "", operation: "", created: undefined } : undefined;
  return {
    id: field("ID"),
    who: field("Who"),
    operation: field("Operation")
      .replace(/^OperationType/, "")
      .toLowerCase(),
    created: goTime(field("Created")),
  };
};

const remoteState = /data\.terraform_remote_state\.([\w-]+)/;

/**
 * Makes the error that fits what Terraform said.
 *
 * @param what words such as `terraform plan of dev-storage`
 * @param stack name of the stack
 * @param upstreams the stack that each `terraform_remote_state` reads, by the data source's name
 * @param said what Terraform wrote outside its diagnostics
 */
export const failureOf = (
  what: string,
  stack: string,
  upstreams: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
  said: string,
): TerraformFailed | StateLocked | NoStoredState | NoStateBucket => {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  for (const { summary, detail, address, snippet } of errors) {
    const holder = /state lock/i.test(summary) ? readLock(detail) : undefined;
    if (holder !== undefined) return new StateLocked(stack, holder);
    const bucket = /S3 bucket "([^"]+)" does not exist/.exec(`${summary} ${detail}`)?.[1];
    if (bucket !== undefined) return new NoStateBucket(stack, bucket);
    const read = remoteState.exec(snippet?.code ?? "")?.[1] ?? remoteState.exec(address ?? "")?.[1];
    const upstream = read === undefined ? undefined : (upstreams.get(read) ?? read);
    if (upstream === undefined) continue;
    const output = /object does not have an attribute named "([^"]+)"/.exec(detail)?.[1];
    if (output !== undefined) return new NoStoredState(stack, upstream, output);
  }
  for (const { detail, summary, address } of errors) {
    const read = remoteState.exec(address ?? "")?.[1];
    if (read !== undefined && /No stored state was found/.test(`${summary} ${detail}`))
      return new NoStoredState(stack, upstreams.get(read) ?? read);
  }
  return new TerraformFailed(what, errors, said);
};
