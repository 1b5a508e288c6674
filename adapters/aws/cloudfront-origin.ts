import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type CachedRead, createCachedRead } from "./cached-read.ts";
import type { Site } from "./site-parameter.ts";
import { toStoreFailure } from "./store-failure.ts";

interface CloudFrontOriginOptions {
  readonly secrets: SecretsManagerClient;
  /** The deployed site, from `cacheSite`; undefined if it is not deployed. */
  readonly site: CachedRead<Site | undefined>;
  /** Milliseconds since 1970. @default Date.now */
  readonly nowMs?: () => number;
}

const secretTtlMs = 15 * 60_000;

/**
 * Creates the reader of the host of the deployed site and of the header's value that CloudFront sends to the API.
 *
 * @returns a function that rejects with a `StoreFailure`; its result is undefined while the site is not deployed
 */
export const createCloudFrontOriginReader = ({
  secrets,
  site,
  nowMs = Date.now,
}: CloudFrontOriginOptions) => {
  const readSecret = async (): Promise<string | undefined> => {
    const secretId = (await site.read())?.originVerifySecretArn;
    if (secretId === undefined) return undefined;
    try {
      return (await secrets.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString;
    } catch (cause) {
      throw toStoreFailure(`Reading the secret ${secretId} failed`, cause);
    }
  };
  const secret = createCachedRead(readSecret, secretTtlMs, nowMs);
  return async ({ forceRefresh }: { readonly forceRefresh: boolean }) => {
    const deployed = await site.read(forceRefresh);
    if (deployed?.originVerifySecretArn === undefined) return undefined;
    // The site may have been deployed since the secret was looked up.
    const value = (await secret.read(forceRefresh)) ?? (await secret.read(true));
    return value === undefined ? undefined : { domainName: deployed.domainName, secret: value };
  };
};
