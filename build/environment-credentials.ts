import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Stands in a Lambda bundle for the SDK's whole credential chain: Lambda puts the role's credentials into the
 * environment, and renews them with a new process, so the other providers are dead weight.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
