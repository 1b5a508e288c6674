import { type Context, Hono } from "hono";
import { createProblem } from "../../pipeline/api/problem.ts";
import { requireAuthentication, signInPaths } from "./authentication.ts";
import type { ApiPorts } from "./ports.ts";
import { logRequestError, toErrorResponse, toProblemResponse } from "./problems.ts";
import { referencePaths } from "./reference/reference-operations.ts";
import { isOpenResponsePath } from "./responses.ts";

interface OuterAppOptions extends Pick<ApiPorts, "authentication" | "responses" | "toProblem" | "log"> {
  /** Paths that need no session, besides those of the API. */
  readonly isPublicPath?: (path: string) => boolean;
  /** Paths of its home that exist, for the problem of one that does not. @default none */
  readonly availablePaths?: readonly string[];
  /** Responds to a request for a path that does not exist. @default a problem */
  readonly respondNotFound?: (context: Context) => Response | undefined;
}

/** The paths of the API that help a caller to find all others. */
const apiPaths = [...referencePaths, "/jobs", "/videos", "/channels", "/routes"];

const publicApiPaths: ReadonlySet<string> = new Set([...signInPaths, ...referencePaths]);

/** Whether a path of the API needs no session: those of the sign-in, of the reference and of shares. */
const isPublicApiPath = (path: string): boolean => publicApiPaths.has(path) || path.startsWith("/shares/");

/**
 * Creates the app that authenticates every request, for the routes of the API and of its home. Its errors are problems.
 */
export const createOuterApp = ({
  authentication,
  responses,
  toProblem,
  log,
  isPublicPath = () => false,
  availablePaths = [],
  respondNotFound,
}: OuterAppOptions): Hono => {
  const app = new Hono();
  app.onError((cause, context) =>
    toErrorResponse(cause, toProblem, (error) => logRequestError(log, context, error)),
  );
  app.notFound(
    (context) =>
      respondNotFound?.(context) ??
      toProblemResponse(
        createProblem(
          "path-not-found",
          `Path ${context.req.path} does not exist. Available paths: ${[...apiPaths, ...availablePaths].join(", ")}.`,
        ),
      ),
  );
  if (authentication !== undefined)
    app.use(
      requireAuthentication(
        authentication,
        (path) => isPublicApiPath(path) || isOpenResponsePath(responses, path) || isPublicPath(path),
      ),
    );
  return app;
};
