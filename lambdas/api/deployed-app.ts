import { Hono } from "hono";
import { compress } from "hono/compress";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createApi } from "./app.ts";
import { requireCloudFront } from "./cloudfront-gate.ts";
import { allowOrigins } from "./cross-origin.ts";
import { createOuterApp } from "./outer-app.ts";
import type { ApiPorts } from "./ports.ts";
import { logRequestError, toErrorResponse } from "./problems.ts";
import { addSecurityHeaders } from "./security-headers.ts";

interface DeployedAppOptions extends Omit<ApiPorts, "toProblem" | "waiting"> {
  /** Origins whose pages may call the API with a bearer token. */
  readonly allowedOrigins: readonly string[];
  /** See `requireCloudFront`. */
  readonly readOrigin: Parameters<typeof requireCloudFront>[0];
}

/** Converts a failure that the request has caused, e.g. by metadata that S3 does not accept. */
const toServiceProblem = (cause: unknown): ProblemError | undefined =>
  cause instanceof StoreFailure && cause.kind === "invalid"
    ? new ProblemError("invalid-request", cause.message)
    : undefined;

/** Creates the HTTP app of the function api. */
export const createDeployedApp = ({ allowedOrigins, readOrigin, ...ports }: DeployedAppOptions): Hono => {
  const options = { ...ports, toProblem: toServiceProblem };
  const app = createOuterApp(options);
  app.route("/", createApi(options).app);
  const rootApp = new Hono();
  rootApp.use(addSecurityHeaders({ isHttps: true }));
  // A response of a function has at most 6 MB (Lambda developer guide, "Lambda quotas").
  rootApp.use(compress());
  if (allowedOrigins.length > 0) rootApp.use(allowOrigins(allowedOrigins));
  rootApp.onError((cause, context) =>
    toErrorResponse(cause, undefined, (error) => logRequestError(ports.log, context, error)),
  );
  rootApp.use(requireCloudFront(readOrigin));
  rootApp.all("*", (context) => app.fetch(context.req.raw, context.env));
  return rootApp;
};
