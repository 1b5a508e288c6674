import type { Context, MiddlewareHandler } from "hono";
import { allowOrigins } from "../../lambdas/api/cross-origin.ts";
import { toProblemResponse } from "../../lambdas/api/problems.ts";
import { createProblem } from "../../pipeline/api/problem.ts";
import { isForbiddenCrossOrigin, isForServer, listOwnOrigins, type RequestSource } from "./request-source.ts";

interface GuardOptions {
  /** The port that the server listens on. */
  readonly port: () => number;
  /** Origins whose pages may call the server, in addition to its own. */
  readonly allowedOrigins: readonly string[];
}

/** Request headers that the response depends on, for caches. */
const varyHeader = "Origin, Sec-Fetch-Site";

const readRequestSource = ({ req }: Context): RequestSource => ({
  method: req.method,
  url: req.url,
  host: req.header("host"),
  origin: req.header("origin"),
  site: req.header("sec-fetch-site"),
  mode: req.header("sec-fetch-mode"),
  destination: req.header("sec-fetch-dest"),
  user: req.header("sec-fetch-user"),
});

/**
 * Rejects requests from web pages of other origins to a server on loopback, for every method and path. Allowed origins
 * get CORS headers.
 */
export const guardLoopback = ({ port, allowedOrigins }: GuardOptions): MiddlewareHandler => {
  const allowCors = allowOrigins(allowedOrigins);
  return async (context, next) => {
    const source = readRequestSource(context);
    if (!isForServer(source, port()))
      return toProblemResponse(
        createProblem(
          "misdirected-request",
          `This server accepts requests to ${listOwnOrigins(port()).join(" and ")} only; the Host header differs.`,
        ),
      );
    if (isForbiddenCrossOrigin(source, port(), allowedOrigins))
      return toProblemResponse(
        createProblem(
          "forbidden-origin",
          "Requests from pages of other origins are refused. To allow an origin, start Reelway with --allow-origin ORIGIN.",
        ),
        { vary: varyHeader },
      );
    if (source.origin !== undefined && allowedOrigins.includes(source.origin))
      return allowCors(context, next);
    await next();
    context.header("vary", varyHeader, { append: true });
    return undefined;
  };
};
