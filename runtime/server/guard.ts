import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { isForbiddenCrossOrigin, isForServer, listOwnOrigins, type RequestSource } from "./request-source.ts";

interface GuardOptions {
  /** The port that the server listens on. */
  readonly port: () => number;
  /** Origins whose pages may use the server, beside its own. */
  readonly allowedOrigins: readonly string[];
}

/** Headers that decide about an answer, for caches. */
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
 * Keeps web pages of other origins away from a server on loopback: every method, every path. Pages of allowed
 * origins get the answers that CORS asks for.
 */
export const guardLoopback = ({ port, allowedOrigins }: GuardOptions): MiddlewareHandler => {
  const allowCors = cors({
    origin: [...allowedOrigins],
    allowMethods: ["GET", "HEAD", "PUT", "POST", "DELETE"],
    exposeHeaders: [
      "Accept-Ranges",
      "Content-Length",
      "Content-Range",
      "ETag",
      "Retry-After",
      "x-amzn-ErrorType",
    ],
    maxAge: 600,
  });
  return async (context, next) => {
    const source = readRequestSource(context);
    if (!isForServer(source, port()))
      return context.json(
        {
          message: `This server answers requests to ${listOwnOrigins(port()).join(" and ")} only; the request names another host.`,
        },
        421,
      );
    if (isForbiddenCrossOrigin(source, port(), allowedOrigins))
      return context.json(
        {
          message:
            "Requests from pages of other origins are refused. To allow an origin, start Reelway with --allow-origin ORIGIN.",
        },
        403,
        { "cache-control": "no-store", vary: varyHeader },
      );
    if (source.origin !== undefined && allowedOrigins.includes(source.origin))
      return allowCors(context, next);
    await next();
    context.header("vary", varyHeader, { append: true });
    return undefined;
  };
};
