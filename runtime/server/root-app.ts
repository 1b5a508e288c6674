import { Hono } from "hono";
import { toProblemResponse } from "../../lambdas/api/problems.ts";
import { addSecurityHeaders } from "../../lambdas/api/security-headers.ts";
import { createProblem } from "../../pipeline/api/problem.ts";
import { guardLoopback } from "./guard.ts";

interface RootAppOptions {
  /** The port that the server listens on. */
  readonly port: () => number;
  /** Origins whose pages may call the server, in addition to its own. */
  readonly allowedOrigins: readonly string[];
  /** The app; undefined while the runtime starts. */
  readonly app: () => Hono | undefined;
}

const startingRetryAfter = "1";

const respondStarting = (): Response =>
  toProblemResponse(createProblem("starting", "Reelway is starting. Try again in a moment."), {
    "retry-after": startingRetryAfter,
  });

/** Creates the app that checks every request before the main app and adds security headers to every response. */
export const createRootApp = ({ port, allowedOrigins, app }: RootAppOptions): Hono => {
  const rootApp = new Hono();
  rootApp.use(async (context, next) => {
    await next();
    // The rest of an oversized body is not read, so the connection cannot be reused.
    if (context.res.status === 413) context.header("connection", "close");
  });
  rootApp.use(addSecurityHeaders({ isHttps: false }));
  rootApp.use(guardLoopback({ port, allowedOrigins }));
  rootApp.all("*", (context) => app()?.fetch(context.req.raw, context.env) ?? respondStarting());
  return rootApp;
};
