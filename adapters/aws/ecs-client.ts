import { ECSClient, type ECSClientConfig } from "@aws-sdk/client-ecs";

/**
 * The client of ECS. RunTask is throttled at about 20 calls a second, which an upload of many files at once goes
 * over, so throttled calls are sent up to five times; with jitter their pauses add up to 7.5 s at most. Mode
 * `standard`, not `adaptive`: that one holds first calls back as well, by a rate learnt in the memory of one
 * function instance, which stands still between its calls and knows nothing of the others.
 */
export const createEcsClient = (
  configuration: Pick<ECSClientConfig, "region" | "endpoint" | "credentials">,
): ECSClient => new ECSClient({ ...configuration, retryMode: "standard", maxAttempts: 5 });
