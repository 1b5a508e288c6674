import * as z from "zod";

/** The problem types of the HTTP API (RFC 9457). Names and meanings are a contract. */
export const problemTypes = {
  "invalid-request": { status: 400, title: "The request is not valid" },
  "authentication-required": { status: 401, title: "The request is not authenticated" },
  "invalid-credentials": { status: 401, title: "The name or the password is wrong" },
  "insufficient-scope": { status: 403, title: "The token does not allow the operation" },
  "operator-required": { status: 403, title: "Only an operator may do this" },
  "invalid-parts": { status: 400, title: "The parts do not make an object" },
  "forbidden-origin": { status: 403, title: "Pages of this origin may not call the server" },
  "invalid-signature": { status: 403, title: "The URL was not signed by this server" },
  "expired-url": { status: 403, title: "The URL has expired" },
  "path-not-found": { status: 404, title: "The path does not exist" },
  "object-not-found": { status: 404, title: "The object does not exist" },
  "video-not-found": { status: 404, title: "The video does not exist" },
  "job-not-found": { status: 404, title: "The job does not exist" },
  "upload-not-found": { status: 404, title: "The upload does not exist" },
  "channel-not-found": { status: 404, title: "The channel does not exist" },
  "subscription-not-found": { status: 404, title: "The subscription does not exist" },
  "method-not-allowed": { status: 405, title: "The path does not have this method" },
  "request-timeout": { status: 408, title: "The request stalled" },
  "ambiguous-job-id": { status: 409, title: "Several jobs have an id that begins like this" },
  "confirmation-required": { status: 409, title: "The deletion must be confirmed" },
  "response-exists": { status: 409, title: "The response exists" },
  "job-state-conflict": { status: 409, title: "The state of the job does not allow the operation" },
  "clip-refused": { status: 409, title: "The clip cannot be made" },
  "body-too-large": { status: 413, title: "The request body is too large" },
  "unsupported-media-type": { status: 415, title: "The request body has an unsupported type" },
  "range-not-satisfiable": { status: 416, title: "The object does not have the range" },
  "misdirected-request": { status: 421, title: "The request is for another server" },
  "too-many-requests": { status: 429, title: "The client has sent too many requests" },
  "too-many-sign-in-attempts": { status: 429, title: "There were too many attempts to sign in" },
  "internal-error": { status: 500, title: "The request failed" },
  starting: { status: 503, title: "The server is starting" },
  "playback-unavailable": { status: 503, title: "Outputs cannot be played" },
  "channels-unavailable": { status: 503, title: "The channels are not deployed yet" },
  "too-many-waiting-requests": { status: 503, title: "Too many requests wait for a change" },
  "disk-full": { status: 507, title: "The disk is full" },
} as const;
export type ProblemType = keyof typeof problemTypes;

/** Media type of a problem. */
export const problemMediaType = "application/problem+json";

const requestErrorSchema = z.object({
  parameter: z.string().describe("Name of the parameter or body field, e.g. `limit` or `parts.0.ETag`."),
  in: z.enum(["path", "query", "header", "body"]).describe("Where the parameter is."),
  detail: z.string().describe("What is wrong with it."),
});
/** One fault of a request. */
export type RequestError = z.infer<typeof requestErrorSchema>;

const removedObjectsSchema = z.object({
  count: z.number().describe("Number of objects or versions."),
  bytes: z.number().describe("Size in bytes, in total."),
});
const requiredConfirmationSchema = z
  .object({
    token: z.string().describe("Pass it as `confirmation` to delete the video."),
    expiresAt: z.string().describe("When the token expires, ISO 8601."),
    scope: z
      .enum(["upload", "version"])
      .describe(
        "`upload`: all versions of the upload and everything made from them; `version`: one version that has been replaced.",
      ),
    sources: removedObjectsSchema.describe("Versions of the upload."),
    outputs: removedObjectsSchema.describe("Versions of outputs."),
    jobs: z.number().describe("Number of jobs. Those that run are canceled."),
  })
  .meta({ id: "RequiredConfirmation", description: "What a deletion will remove, and how to confirm it." });
/** What a deletion will remove, and how to confirm it. */
export type RequiredConfirmation = z.infer<typeof requiredConfirmationSchema>;

/** A problem (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe("The problem type, a stable URI reference, e.g. `/problems/job-not-found`."),
    title: z.string().describe("Summary of the problem type."),
    status: z.number().describe("HTTP status."),
    detail: z.string().describe("What failed, why, and what to do."),
    errors: z.array(requestErrorSchema).optional().describe("Every fault of a request that is not valid."),
    confirmation: requiredConfirmationSchema
      .optional()
      .describe("What must be confirmed; only of `confirmation-required`."),
  })
  .meta({ id: "Problem", description: "An error (RFC 9457)." });
export type Problem = z.infer<typeof problemSchema>;

/**
 * Creates a problem.
 *
 * @param detail what failed, why, and what to do
 */
export const createProblem = (
  type: ProblemType,
  detail: string,
  {
    errors,
    confirmation,
  }: { readonly errors?: readonly RequestError[]; readonly confirmation?: RequiredConfirmation } = {},
): Problem => ({
  type: `/problems/${type}`,
  ...problemTypes[type],
  detail,
  ...(errors === undefined ? {} : { errors: [...errors] }),
  ...(confirmation === undefined ? {} : { confirmation }),
});

/** An error that the API reports to its caller as a problem. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Further response headers. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    type: ProblemType,
    detail: string,
    {
      headers = {},
      ...members
    }: {
      readonly errors?: readonly RequestError[];
      readonly confirmation?: RequiredConfirmation;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
    this.name = "ProblemError";
    this.problem = createProblem(type, detail, members);
    this.headers = headers;
  }
}
