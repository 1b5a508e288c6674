import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";

/**
 * Creates the ECS client. RunTask is throttled at about 20 calls per second, which an upload of many files exceeds. A
 * throttled call is sent up to five times, with delays of at most 7.5 s in total, including jitter. The retry mode is
 * `standard`: `adaptive` also delays first calls, at a rate measured in one function instance, which is frozen between
 * invocations and does not see the other instances.
 */
export const createEcsClient = (
  configuration: Pick<ECSClientConfig, "region" | "endpoint" | "credentials">,
): ECSClient => new ECSClient({ ...configuration, retryMode: "standard", maxAttempts: 5 });
