import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Replaces the SDK's credential chain in Lambda bundles. Lambda sets the role's credentials in the environment and renews
 * them with a new process, so other providers are not needed.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
