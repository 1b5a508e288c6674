import type { MiddlewareHandler } from "hono";
import type { LocalPlaybackSigner } from "../../adapters/local/playback-signer.ts";
import {
  type AuthenticationPorts,
  findCaller,
  requireAuthentication,
} from "../../lambdas/api/authentication.ts";
import type { Caller } from "../../pipeline/access/caller.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { parseKey } from "./objects.ts";

interface PlaybackAccessOptions {
  readonly signer: LocalPlaybackSigner;
  readonly authentication: AuthenticationPorts;
  /** Prefix of the URL's path, e.g. `/output/`. */
  readonly prefix: string;
}

/** The caller of a request with a signature, which is for exactly the object that the request reads. */
export const signedCaller: Caller = { name: "signature", isOperator: true, scope: "read" };

const expiredProblem = (): ProblemError =>
  new ProblemError("expired-url", "The signature has expired. Request the video's playback again.");
const invalidProblem = (): ProblemError =>
  new ProblemError(
    "invalid-signature",
    "The signature is not for this object. Use the URL unchanged, or request the video's playback again.",
  );

/**
 * Allows requests for outputs by a signed URL, by the cookies of a folder, or by a session or token, whose
 * caller must be allowed to read the output. As with CloudFront, a signed URL alone decides.
 */
export const requirePlaybackAccess = ({
  signer,
  authentication,
  prefix,
}: PlaybackAccessOptions): MiddlewareHandler => {
  const authenticate = requireAuthentication(authentication, () => false);
  return async (context, next) => {
    const { req } = context;
    const key = parseKey(req.url, prefix) ?? "";
    const byUrl = signer.verifyUrl(key, new URL(req.url).searchParams);
    if (byUrl === "expired") throw expiredProblem();
    if (byUrl === "invalid") throw invalidProblem();
    const byCookies = byUrl === "valid" ? byUrl : signer.verifyCookies(key, req.header("cookie") ?? "");
    if (byCookies === "valid") {
      context.set("caller", signedCaller);
      return next();
    }
    if (byCookies !== "missing" && (await findCaller(context, authentication)) === undefined)
      throw byCookies === "expired" ? expiredProblem() : invalidProblem();
    return authenticate(context, next);
  };
};
