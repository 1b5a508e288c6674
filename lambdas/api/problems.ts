import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import type * as z from "zod";
import {
  createProblem,
  type Problem,
  ProblemError,
  type ProblemType,
  problemMediaType,
  problemSchema,
  problemTypes,
  type RequestError,
} from "../../pipeline/api/problem.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { PlaybackUnavailable } from "../../pipeline/ports/playback-signer.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Creates the response of a problem. */
export const toProblemResponse = (
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  Response.json(problem, {
    status: problem.status,
    headers: { ...headers, "content-type": problemMediaType, "cache-control": "no-store" },
  });

/** Maximum size of a request body that is not an upload, bytes. */
const maxBodyBytes = 64 * 1024;

/**
 * Rejects request bodies over a size.
 *
 * @param maxSize bytes
 */
export const limitBody = (maxSize = maxBodyBytes): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ProblemError(
        "body-too-large",
        `The request body exceeds ${maxSize} bytes, the limit of this operation.`,
      );
    },
  });

/** The advice for a full disk. */
export const diskFullMessage =
  "The disk of the data folder is full; nothing was stored. Free some space and try again.";

const toProblemError = (cause: unknown): ProblemError | undefined => {
  if (cause instanceof ProblemError) return cause;
  if (cause instanceof HTTPException)
    return new ProblemError(
      cause.status === 415 ? "unsupported-media-type" : "invalid-request",
      cause.status === 415
        ? "The request body has an unsupported Content-Type. Send JSON with Content-Type: application/json."
        : "The request body is not valid JSON. Send a JSON object.",
    );
  if (cause instanceof StoreFailure && cause.kind === "no-space")
    return new ProblemError("disk-full", diskFullMessage);
  return undefined;
};

/**
 * Converts an error of a request to its response.
 *
 * @param toProblem converts errors that are not the API's own
 * @param onUnexpected called with an error that has no problem type
 */
export const toErrorResponse = (
  cause: unknown,
  toProblem: ((cause: unknown) => ProblemError | undefined) | undefined,
  onUnexpected: (cause: unknown) => void,
): Response => {
  const error = toProblemError(cause) ?? toProblem?.(cause);
  if (error !== undefined) return toProblemResponse(error.problem, error.headers);
  onUnexpected(cause);
  return toProblemResponse(
    createProblem(
      "internal-error",
      "The request failed because of an internal error. The log has the cause.",
    ),
  );
};

/** Converts the failure of an operation whose outputs cannot be served to its problem. @throws ProblemError */
export const toPlaybackProblem = <Result>(operation: Promise<Result>): Promise<Result> =>
  operation.catch((cause: unknown) => {
    throw cause instanceof PlaybackUnavailable
      ? new ProblemError("playback-unavailable", cause.message)
      : cause;
  });

/** Logs an unexpected error of a request, unless the client has closed the connection. */
export const logRequestError = (log: Logger, { req }: Context, error: unknown): void => {
  if (!req.raw.signal.aborted) log.error("A request failed", { path: req.path, error });
};

const targets = { param: "path", query: "query", header: "header", json: "body" } as const;

const countNoun = (count: number | bigint, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Unit of the size of a value; undefined for a number. */
const sizeUnits: Readonly<Record<string, string>> = { string: "character", array: "item" };

/** Describes a fault in words of the API, unless its schema does. */
const describeIssue = (issue: z.core.$ZodIssue): string => {
  // Messages of the library, in English.
  if (!/^(Invalid (input|option|string)|Too (small|big))/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.message.endsWith("received undefined")
        ? "It is missing."
        : `It must be ${/^[aio]/.test(issue.expected) ? "an" : "a"} ${issue.expected}.`;
    case "invalid_value":
      return `It must be ${issue.values.map((value) => `\`${String(value)}\``).join(" or ")}.`;
    case "too_small":
    case "too_big": {
      const [limit, word] =
        issue.code === "too_small" ? [issue.minimum, "at least"] : [issue.maximum, "at most"];
      const unit = sizeUnits[issue.origin];
      return unit === undefined
        ? `It must be ${word} ${limit}.`
        : `It must have ${word} ${countNoun(limit, unit)}.`;
    }
    case "invalid_format":
      return "It has another form than the API describes.";
    default:
      return issue.message;
  }
};

/**
 * Converts the faults that a schema finds in a part of a request.
 *
 * @param isRepeated whether a request has a parameter more than once
 */
export const toRequestErrors = (
  { issues }: z.core.$ZodError,
  place: RequestError["in"],
  isRepeated: (name: string) => boolean = () => false,
): readonly RequestError[] =>
  issues.flatMap((issue) => {
    const path = issue.path.map(String);
    const isUnknown = issue.code === "unrecognized_keys";
    const names = isUnknown ? issue.keys.map((key) => [...path, key]) : [path];
    return names.map((keys) => {
      const name = keys.join(".");
      const detail = isUnknown
        ? "The API does not know this parameter."
        : isRepeated(name)
          ? "The request has this parameter more than once."
          : describeIssue(issue);
      return { parameter: name, in: place, detail };
    });
  });

/** Converts the faults that a schema finds in the query of a request. */
const toQueryErrors = (error: z.core.$ZodError, { req }: Context): readonly RequestError[] =>
  toRequestErrors(error, "query", (name) => (req.queries(name)?.length ?? 0) > 1);

/** Rejects a request with these faults. */
export const rejectErrors = (errors: readonly RequestError[]): never => {
  throw new ProblemError(
    "invalid-request",
    errors
      .map((error) => `${error.parameter === "" ? `The ${error.in}` : error.parameter}: ${error.detail}`)
      .join("; "),
    { errors },
  );
};

/** Rejects a request that its schema does not accept; the problem names every fault. */
export const rejectInvalid = (
  result:
    | { readonly success: true }
    | { readonly success: false; readonly error: z.core.$ZodError; readonly target: string },
  context: Context,
): void => {
  if (result.success) return;
  const { error, target } = result;
  const place = targets[target as keyof typeof targets];
  rejectErrors(place === "query" ? toQueryErrors(error, context) : toRequestErrors(error, place));
};

/** Responds to every method that a path does not have with status 405. @param methods those that it has */
export const rejectMethod =
  (methods: readonly string[]) =>
  ({ req }: Context): never => {
    throw new ProblemError(
      "method-not-allowed",
      `${req.path} does not have the method ${req.method}. It has ${methods.join(", ")}.`,
      { headers: { allow: methods.join(", ") } },
    );
  };

/** The query of a request: an array where a parameter occurs more than once. */
export const readQuery = ({ req }: Context): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(req.queries()).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );

const describeType = (type: ProblemType): string => `${problemTypes[type].title} (\`/problems/${type}\`)`;

/** Describes the problems of an operation, for the OpenAPI document: one response per status. */
export const describeProblems = (...types: readonly ProblemType[]) => {
  const allTypes: readonly ProblemType[] = [...types, "internal-error"];
  return Object.fromEntries(
    [...new Set(allTypes.map((type) => problemTypes[type].status))].map((status) => [
      status,
      {
        description: `${allTypes
          .filter((type) => problemTypes[type].status === status)
          .map(describeType)
          .join("; or ")}.`,
        content: { [problemMediaType]: { schema: problemSchema } },
      },
    ]),
  );
};
