import type { MiddlewareHandler } from "hono";
import { uploadFormPath } from "../../adapters/local/upload-signer.ts";
import type { UrlSigner } from "../../adapters/local/url-signature.ts";
import { type AuthenticationPorts, requireAuthentication } from "../../lambdas/api/authentication.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { signedCaller } from "./playback-access.ts";

interface SourceAccessOptions {
  readonly signer: Pick<UrlSigner, "verify">;
  readonly authentication: AuthenticationPorts;
}

/** Allows requests for uploads by a signed URL, or by a session or token, whose caller must be allowed to read the upload. */
export const requireSourceAccess = ({ signer, authentication }: SourceAccessOptions): MiddlewareHandler => {
  const authenticate = requireAuthentication(authentication, () => false);
  return async (context, next) => {
    const { pathname, searchParams } = new URL(context.req.url);
    // Hono matches it too; the fields of a form are signed.
    if (pathname === uploadFormPath) return next();
    if (!searchParams.has("signature")) return authenticate(context, next);
    const result = signer.verify("GET", pathname, searchParams);
    if (result === "expired")
      throw new ProblemError("expired-url", "The URL has expired. Request the source of the video again.");
    if (result === "invalid")
      throw new ProblemError(
        "invalid-signature",
        "The signature is not for this upload. Use the URL unchanged, or request the source of the video again.",
      );
    context.set("caller", signedCaller);
    return next();
  };
};
