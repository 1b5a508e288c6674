import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Seconds that assumed credentials are good for: the most that one role may ask for another (role chaining). */
const sessionDurationSeconds = 3600;

export interface RoleOptions {
  /** ARN. */
  readonly roleArn: string;
  /** Shown in the account's trail beside everything done by the role: 2–64 of letters, digits and `=,.@-_`. */
  readonly sessionName: string;
}
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** ARN of the role behind a session: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; any other ARN as it is. */
const toRoleArn = (arn: string): string => {
  const [, partition, account, role] = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
};

const readCallerArn = async (client: STSClient): Promise<string> => {
  try {
    const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    return arn === undefined ? "the worker's task role" : toRoleArn(arn);
  } catch {
    return "the worker's task role";
  }
};

/** Faults that pass: STS's own, the network's, and those of credentials that are about to be renewed. */
const isTransient = (cause: unknown): boolean => {
  const status =
    cause instanceof Error && "$metadata" in cause && typeof cause.$metadata === "object"
      ? Reflect.get(cause.$metadata ?? {}, "httpStatusCode")
      : undefined;
  // What never was an answer has no status: a connection that broke, a name that was not found.
  return toStoreFailure("", cause).retryable || typeof status !== "number" || status >= 500 || status === 429;
};

const buildAssumeRoleFailure = async (
  client: STSClient,
  { roleArn }: RoleOptions,
  cause: unknown,
): Promise<StoreFailure> => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (isTransient(cause))
    return new StoreFailure("transient", `Assuming role ${roleArn} failed: ${reason}`, cause);
  return new StoreFailure(
    "assume-role",
    `Role ${roleArn} of the pipeline cannot be assumed: ${reason.replace(/\.?$/, ".")} Let its trust policy allow sts:AssumeRole to ${await readCallerArn(client)} (in another account that role's own policy must allow it too), or give the pipeline another role; then create the job anew.`,
    cause,
  );
};

/**
 * The SDK's credential provider for a role. A client asks it again five minutes before what it gave expires.
 *
 * Rejects with `StoreFailure`, `role` where the role is refused, which storage adapters pass on as it is.
 */
export const createRoleCredentials =
  (client: STSClient, options: RoleOptions) => async (): Promise<Credentials> => {
    const { roleArn, sessionName } = options;
    try {
      const { Credentials: credentials } = await client.send(
        new AssumeRoleCommand({
          RoleArn: roleArn,
          RoleSessionName: sessionName,
          DurationSeconds: sessionDurationSeconds,
        }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined)
        throw new Error("STS gave no credentials");
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    } catch (cause) {
      throw await buildAssumeRoleFailure(client, options, cause);
    }
  };
