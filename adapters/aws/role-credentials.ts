import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { toStoreFailure } from "./store-failure.ts";

/** Validity of the credentials: AWS's maximum for role chaining. */
const sessionDurationSeconds = 3600;

export interface RoleOptions {
  /** ARN. */
  readonly roleArn: string;
  /** Session name in CloudTrail: 2–64 letters, digits and `=,.@-_`. */
  readonly sessionName: string;
}
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/**
 * Converts the ARN of a session, `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, to its role's. Returns others
 * unchanged.
 */
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

/** True for failures of STS, of the network and of expired credentials. */
const isTransient = (cause: unknown): boolean => {
  const status =
    cause instanceof Error && "$metadata" in cause && typeof cause.$metadata === "object"
      ? Reflect.get(cause.$metadata ?? {}, "httpStatusCode")
      : undefined;
  // Network failures have no status.
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
    `Role ${roleArn} of the pipeline cannot be assumed: ${reason.replace(/\.?$/, ".")} Allow ${await readCallerArn(client)} to call sts:AssumeRole in the role's trust policy (for a role in another account, also in the caller's own policy), or set another role on the pipeline. Then create the job again.`,
    cause,
  );
};

/**
 * Creates an SDK credential provider for a role. A client calls it again five minutes before the credentials expire.
 *
 * Rejects with `StoreFailure`, of kind `assume-role` if access is denied. Storage adapters pass it on unchanged.
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
        throw new Error("STS returned no credentials");
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
