import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { guardLoopback } from "./guard.ts";

interface RootAppOptions {
  /** The port that the server listens on. */
  readonly port: () => number;
  /** Origins whose pages may use the server, beside its own. */
  readonly allowedOrigins: readonly string[];
  /** What answers; undefined while the runtime starts. */
  readonly app: () => Hono | undefined;
}

const startingRetryAfter = "1";

const respondStarting = (context: Context): Response =>
  context.json({ message: "Reelway is starting. Try again in a moment." }, 503, {
    "retry-after": startingRetryAfter,
    "cache-control": "no-store",
  });

/** What every request passes before it reaches the app, and every answer on its way back. */
export const createRootApp = ({ port, allowedOrigins, app }: RootAppOptions): Hono => {
  const rootApp = new Hono();
  rootApp.use(async (context, next) => {
    await next();
    // The rest of a body that is too long is not read, so the connection cannot carry another request.
    if (context.res.status === 413) context.header("connection", "close");
  });
  rootApp.use(
    secureHeaders({
      crossOriginResourcePolicy: "same-origin",
      xContentTypeOptions: "nosniff",
      crossOriginOpenerPolicy: "same-origin",
      xFrameOptions: "SAMEORIGIN",
      referrerPolicy: "no-referrer",
      // They speak of HTTPS, of the browsers of 2010 or of features that these answers do not use.
      strictTransportSecurity: false,
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    }),
  );
  rootApp.use(guardLoopback({ port, allowedOrigins }));
  rootApp.all("*", (context) => app()?.fetch(context.req.raw, context.env) ?? respondStarting(context));
  return rootApp;
};
