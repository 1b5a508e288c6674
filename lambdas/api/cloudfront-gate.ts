import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { originSecretHeader } from "../../pipeline/access/origin-secret-header.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";

/** CloudFront before the API. */
export interface CloudFrontOrigin {
  /** Host that the stage's pages use. */
  readonly domainName: string;
  /** Value of the header that CloudFront sends. */
  readonly secret: string;
}

const forwardedHostHeader = "x-forwarded-host";

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Returns the network address of the viewer. API Gateway adds the address of its own client at the end of
 * `x-forwarded-for`; if that is CloudFront, CloudFront has added the viewer's before it.
 *
 * @param context of a request that has passed `requireCloudFront`
 */
export const getViewerAddress = ({ req }: Context): string => {
  const isThroughCloudFront = req.header(originSecretHeader) !== undefined;
  return (req.header("x-forwarded-for")?.split(",") ?? []).at(isThroughCloudFront ? -2 : -1)?.trim() ?? "";
};

/**
 * Rejects requests past CloudFront once it stands before the API. A request through it gets the URL that the viewer
 * requested, so that links, cookies and the check of the origin are for the viewer's host.
 *
 * @param readOrigin returns undefined while the stack `site` is not deployed
 */
export const requireCloudFront =
  (
    readOrigin: (options: { readonly forceRefresh: boolean }) => Promise<CloudFrontOrigin | undefined>,
  ): MiddlewareHandler =>
  async (context, next) => {
    const { req } = context;
    const value = req.header(originSecretHeader);
    const matches = (origin: CloudFrontOrigin): boolean =>
      value !== undefined && timingSafeEqual(hash(value), hash(origin.secret));
    let origin = await readOrigin({ forceRefresh: false });
    // The header is new after the first deployment of the site, and after its replacement.
    if (value !== undefined && (origin === undefined || !matches(origin)))
      origin = await readOrigin({ forceRefresh: true });
    const headers = new Headers(req.raw.headers);
    const url = new URL(req.url);
    if (origin === undefined) headers.delete(originSecretHeader);
    else if (matches(origin)) url.host = headers.get(forwardedHostHeader) ?? origin.domainName;
    else
      throw new ProblemError(
        "misdirected-request",
        `This API accepts requests to https://${origin.domainName} only.`,
      );
    headers.delete(forwardedHostHeader);
    req.raw = new Request(new Request(url, req.raw), { headers });
    return next();
  };
