import type { Hono } from "hono";
import { compress } from "hono/compress";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createApi } from "./app.ts";
import type { AuthenticationPorts } from "./authentication.ts";
import { allowOrigins } from "./cross-origin.ts";
import { createOuterApp } from "./outer-app.ts";
import type { ApiPorts } from "./ports.ts";
import { addSecurityHeaders } from "./security-headers.ts";

interface DeployedAppOptions extends Pick<ApiPorts, "jobs" | "uploads" | "version" | "log"> {
  readonly authentication: AuthenticationPorts;
  /** Origins whose pages may call the API with a bearer token. */
  readonly allowedOrigins: readonly string[];
}

/** Converts a failure of AWS that the request has caused, e.g. metadata that S3 does not accept. */
const toServiceProblem = (cause: unknown): ProblemError | undefined =>
  cause instanceof StoreFailure && cause.kind === "invalid"
    ? new ProblemError("invalid-request", cause.message)
    : undefined;

/** Creates the HTTP app of the function api. Every request is authenticated. */
export const createDeployedApp = ({ authentication, allowedOrigins, ...ports }: DeployedAppOptions): Hono => {
  const options = { ...ports, authentication, toProblem: toServiceProblem };
  const app = createOuterApp({ ...options, availablePaths: "the API at /openapi.json" });
  app.route("/", createApi(options).app);
  return app;
};
