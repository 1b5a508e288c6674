import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";

/**
 * Creates the ECS client. RunTask is throttled at about 20 calls per second, which an upload of many files exceeds. A
 * failed call is sent twice at most: the caller defers the job, and the token bucket limits the rate of all callers.
 */
export const createEcsClient = (
  configuration: Pick<ECSClientConfig, "region" | "endpoint" | "credentials">,
): ECSClient => new ECSClient({ ...configuration, retryMode: "standard", maxAttempts: 2 });
