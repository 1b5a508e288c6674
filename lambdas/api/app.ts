import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { addJobOperations } from "./jobs.ts";
import type { ApiPorts } from "./ports.ts";
import { describeProblems, limitBody, logRequestError, rejectInvalid, toErrorResponse } from "./problems.ts";
import { addSessionOperations } from "./session.ts";
import { addUploadOperations } from "./uploads.ts";

/** The HTTP API. */
export interface Api {
  readonly app: OpenAPIHono;
  /** Makes later lists of jobs include all changes made before this call. */
  invalidateJobs(): void;
}

const documentRoute = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApiDocument",
  summary: "Get this description",
  description: "Returns the description of the API, in OpenAPI 3.1.",
  tags: ["API"],
  responses: {
    200: {
      description: "The OpenAPI document.",
      content: {
        "application/json": {
          schema: z.looseObject({ openapi: z.string().describe("Version of OpenAPI.") }),
        },
      },
    },
    ...describeProblems(),
  },
});

/** Builds the OpenAPI document of an API. */
export const buildOpenApiDocument = (app: OpenAPIHono, version: string) =>
  app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Reelway",
      version,
      description: "Uploads, jobs and outputs of Reelway. Every error is a problem (RFC 9457).",
    },
  });

/** Responds to the methods that a path does not have with status 405. */
const addMethodRejections = (app: OpenAPIHono): void => {
  const methodsByPath = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path } = definition.route;
    const methods = methodsByPath.get(path) ?? [];
    methods.push(...(method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    methodsByPath.set(path, methods);
  }
  for (const [path, methods] of methodsByPath)
    app.all(path.replaceAll(/\{(.+?)\}/g, ":$1"), ({ req }: Context) => {
      throw new ProblemError(
        "method-not-allowed",
        `${req.path} does not have the method ${req.method}. It has ${methods.join(", ")}.`,
        { headers: { allow: methods.join(", ") } },
      );
    });
};

/** Creates the HTTP API. All its paths are at the root. */
export const createApi = (ports: ApiPorts): Api => {
  const app = new OpenAPIHono({ defaultHook: rejectInvalid });
  app.onError((cause, context) =>
    toErrorResponse(cause, ports.toProblem, (error) => logRequestError(ports.log, context, error)),
  );
  app.use("/jobs/*", limitBody());
  const invalidateJobs = addJobOperations(app, ports);
  addUploadOperations(app, ports.uploads, invalidateJobs);
  if (ports.authentication !== undefined) addSessionOperations(app, ports.authentication, ports.log);
  app.openapi(documentRoute, (context) => context.json(buildOpenApiDocument(app, ports.version), 200));
  addMethodRejections(app);
  return { app, invalidateJobs };
};
