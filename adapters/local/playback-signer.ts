import { createHmac, timingSafeEqual } from "node:crypto";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import type { PlaybackSigner } from "../../pipeline/ports/playback-signer.ts";

/** Whether a request for an object is signed; `missing`: it has no signature. */
export type PlaybackVerification = "valid" | "invalid" | "expired" | "missing";

/** Signs the URLs and cookies of the runtime's own server. */
export interface LocalPlaybackSigner extends PlaybackSigner {
  verifyUrl(key: string, query: URLSearchParams): PlaybackVerification;
  /** @param header the request's header `Cookie`; it is valid if one of its cookies is */
  verifyCookies(key: string, header: string): PlaybackVerification;
}

interface LocalPlaybackOptions {
  readonly key: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const cookieName = "reelway_playback";

/**
 * Creates a signer with HMAC-SHA256. A signature is for the key of one object or for a folder, not for a spelling of its
 * path. A cookie is `FOLDER.EXPIRES.SIGNATURE`, the folder in base64url.
 */
export const createLocalPlaybackSigner = ({
  key: secret,
  now,
}: LocalPlaybackOptions): LocalPlaybackSigner => {
  const sign = (kind: "object" | "folder", expires: string, name: string): string =>
    createHmac("sha256", secret).update(`playback\n${kind}\n${expires}\n${name}`).digest("base64url");
  const verify = (
    kind: "object" | "folder",
    expires: string,
    name: string,
    signature: string,
  ): PlaybackVerification => {
    const expected = Buffer.from(sign(kind, expires, name));
    const actual = Buffer.from(signature);
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return "invalid";
    return Number(expires) * 1000 > now() ? "valid" : "expired";
  };
  const toExpires = (expiresAt: Date): string => String(Math.floor(expiresAt.getTime() / 1000));

  return {
    async signUrl(key, expiresAt) {
      const expires = toExpires(expiresAt);
      const query = new URLSearchParams({ expires, signature: sign("object", expires, key) });
      return `${toObjectUrl("output", key)}?${query}`;
    },
    async signFolder(folder, expiresAt) {
      const expires = toExpires(expiresAt);
      const value = `${Buffer.from(folder).toString("base64url")}.${expires}.${sign("folder", expires, folder)}`;
      return [{ name: cookieName, value, path: toObjectUrl("output", folder) }];
    },
    verifyUrl(key, query) {
      if (!query.has("signature")) return "missing";
      // As with CloudFront, a signed URL has exactly the query that was signed.
      if ([...query.keys()].sort().join() !== "expires,signature") return "invalid";
      return verify("object", query.get("expires") ?? "", key, query.get("signature") ?? "");
    },
    verifyCookies(key, header) {
      const prefix = `${cookieName}=`;
      const results = header
        .split(/; */)
        .filter((pair) => pair.startsWith(prefix))
        .map((pair) => {
          const [encodedFolder = "", expires = "", signature = ""] = pair.slice(prefix.length).split(".");
          const folder = Buffer.from(encodedFolder, "base64url").toString();
          return key.startsWith(folder) ? verify("folder", expires, folder, signature) : "invalid";
        });
      return (
        (["valid", "expired", "invalid"] as const).find((result) => results.includes(result)) ?? "missing"
      );
    },
  };
};
