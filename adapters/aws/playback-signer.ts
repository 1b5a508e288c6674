import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import { type PlaybackSigner, PlaybackUnavailable } from "../../pipeline/ports/playback-signer.ts";
import { type CachedRead, createCachedRead } from "./cached-read.ts";
import { readPlaybackSecret } from "./playback-secret.ts";
import type { Site } from "./site-parameter.ts";

interface CloudFrontPlaybackOptions {
  readonly secrets: SecretsManagerClient;
  /** Secret with the private keys. */
  readonly secretId: string;
  /** The deployed site, from `cacheSite`; undefined if it is not deployed. */
  readonly site: CachedRead<Site | undefined>;
  /** Milliseconds since 1970. @default Date.now */
  readonly nowMs?: () => number;
}

const keysTtlMs = 15 * 60_000;
/** CloudFront's default is SHA-1 (developer guide, "Create a signed URL using a canned policy", `Hash-Algorithm`). */
const algorithm = "SHA256";

/**
 * Creates the signer of CloudFront's signed URLs and cookies. It signs with the newest private key whose public key
 * CloudFront has, so that a rotation takes effect when it is applied.
 *
 * CloudFront compares the URL that the viewer sends, percent-encoded, before a CloudFront Function changes it. `*` and `?`
 * in the `Resource` of a custom policy are wildcards and have no escape, so paths contain them as `%2A` and `%3F`. A
 * canned policy is not sent: CloudFront builds it from the request's own URL, so that it can match no other.
 */
export const createCloudFrontPlaybackSigner = ({
  secrets,
  secretId,
  site,
  nowMs = Date.now,
}: CloudFrontPlaybackOptions): PlaybackSigner => {
  const keys = createCachedRead(() => readPlaybackSecret(secrets, secretId), keysTtlMs, nowMs);

  const findKey = async (forceRefresh: boolean) => {
    const deployed = await site.read(forceRefresh);
    if (deployed === undefined) return undefined;
    for (const { fingerprint, privateKey } of await keys.read(forceRefresh)) {
      const keyPairId = deployed.keyIds[fingerprint];
      if (keyPairId !== undefined)
        return { origin: `https://${deployed.domainName}`, keyPairId, privateKey, algorithm } as const;
    }
    return undefined;
  };
  const requireKey = async () => {
    const key = (await findKey(false)) ?? (await findKey(true));
    if (key !== undefined) return key;
    throw new PlaybackUnavailable(
      (await site.read()) === undefined
        ? "Outputs cannot be played because the site is not deployed. Apply the stack site: npx reelway deploy --only site"
        : "Outputs cannot be played because CloudFront has none of the playback keys. Create one and apply the stack site: npx reelway playback-keys rotate",
    );
  };
  return {
    async signUrl(key, expiresAt) {
      const { origin, ...signingKey } = await requireKey();
      return getSignedUrl({
        ...signingKey,
        url: `${origin}${toObjectUrl("output", key)}`,
        dateLessThan: expiresAt,
      });
    },
    async signFolder(folder, expiresAt) {
      const { origin, ...signingKey } = await requireKey();
      const path = toObjectUrl("output", folder);
      const policy = JSON.stringify({
        Statement: [
          {
            Resource: `${origin}${path}*`,
            Condition: { DateLessThan: { "AWS:EpochTime": Math.floor(expiresAt.getTime() / 1000) } },
          },
        ],
      });
      const cookies = getSignedCookies({ ...signingKey, policy });
      return Object.entries(cookies).map(([name, value]) => ({ name, value: String(value), path }));
    },
  };
};
