import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import { storeFailure } from "./failure.ts";

/** Seconds that assumed credentials are good for: the most that one role may ask for another (role chaining). */
const lifetimeSeconds = 3600;

export interface RoleOptions {
  /** ARN. */
  readonly role: string;
  /** Shown in the account's trail beside everything done by the role: 2–64 of letters, digits and `=,.@-_`. */
  readonly session: string;
}
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** ARN of the role behind a session: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; any other ARN as it is. */
const roleOfSession = (arn: string): string => {
  const [, partition, account, role] = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? arn : `arn:${partition}:iam::${account}:role/${role}`;
};

const caller = async (client: STSClient): Promise<string> => {
  try {
    const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
    return arn === undefined ? "the worker's task role" : roleOfSession(arn);
  } catch {
    return "the worker's task role";
  }
};

/** Faults that pass: STS's own, the network's, and those of credentials that are about to be renewed. */
const passes = (cause: unknown): boolean => {
  const status =
    cause instanceof Error && "$metadata" in cause && typeof cause.$metadata === "object"
      ? Reflect.get(cause.$metadata ?? {}, "httpStatusCode")
      : undefined;
  // What never was an answer has no status: a connection that broke, a name that was not found.
  return storeFailure("", cause).retryable || typeof status !== "number" || status >= 500 || status === 429;
};

const refusal = async (client: STSClient, { role }: RoleOptions, cause: unknown): Promise<StoreFailure> => {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (passes(cause)) return new StoreFailure("temporary", `Assuming role ${role} failed: ${why}`, cause);
  return new StoreFailure(
    "role",
    `Role ${role} of the pipeline cannot be assumed: ${why.replace(/\.?$/, ".")} Let its trust policy allow sts:AssumeRole to ${await caller(client)} (in another account that role's own policy must allow it too), or give the pipeline another role; then create the job anew.`,
    cause,
  );
};

/**
 * The SDK's credential provider for a role. A client asks it again five minutes before what it gave expires.
 *
 * Rejects with `StoreFailure`, `role` where the role is refused, which storage adapters pass on as it is.
 */
export const roleCredentials =
  (client: STSClient, options: RoleOptions) => async (): Promise<Credentials> => {
    const { role, session } = options;
    try {
      const { Credentials: given } = await client.send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session, DurationSeconds: lifetimeSeconds }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined)
        throw new Error("STS gave no credentials");
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    } catch (cause) {
      throw await refusal(client, options, cause);
    }
  };
