import { createHmac } from "node:crypto";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ProblemError } from "../../pipeline/api/problem.ts";
import {
  responsePathSchema,
  responseQuerySchema,
  responseUploadSchema,
} from "../../pipeline/api/responses.ts";
import { requestResponse } from "../../pipeline/responses/request-response.ts";
import {
  type ResponseType,
  responsesPrefix,
  responseTypes,
} from "../../pipeline/responses/response-request.ts";
import { matchRoute } from "../../pipeline/routing/match.ts";
import { requireWriteScope } from "./authentication.ts";
import type { ApiPorts, ApiResponses } from "./ports.ts";
import { describeProblems, diskFullMessage, readQuery, rejectErrors, toRequestErrors } from "./problems.ts";

/** Beginning of the paths of this operation. */
const pathPrefix = "/presignedurl/";

const route = createRoute({
  method: "get",
  path: `${pathPrefix}{project}/{step}`,
  operationId: "requestResponseUpload",
  summary: "Request the upload of a response",
  description:
    "Records that a person responds to a step of a project, and signs the form that uploads the video. The form can be sent for five minutes. The type of the video must be in a route for the prefix `responses/`. Requests for a response that exists are rejected unless `replace` is true, or the job of its video ended as Error or Canceled; the existing response is then kept until the new video arrives.",
  tags: ["Responses"],
  request: { params: responsePathSchema, query: responseQuerySchema },
  responses: {
    200: {
      description: "The signed form.",
      content: { "application/json": { schema: responseUploadSchema } },
    },
    ...describeProblems(
      "invalid-request",
      "insufficient-scope",
      "response-exists",
      "too-many-requests",
      "disk-full",
    ),
  },
});

/** Whether a path needs no session, by the settings of responses. */
export const isOpenResponsePath = ({ settings }: Pick<ApiResponses, "settings">, path: string): boolean =>
  settings.access === "open" && path.startsWith(pathPrefix);

/** Rejects a type that no route accepts: its video would never be processed. */
const assertRouted = ({ routes }: ApiResponses, type: ResponseType): void => {
  const isRouted = (one: string) => matchRoute(routes, `${responsesPrefix}p/s/v.${one}`).kind === "route";
  if (isRouted(type)) return;
  const routed = responseTypes.filter(isRouted);
  rejectErrors([
    {
      parameter: "type",
      in: "query",
      detail: `No route accepts ${type} videos with the prefix ${responsesPrefix}. ${routed.length === 0 ? "Add a route for the prefix to reelway.config.ts." : `Available types: ${routed.join(", ")}.`}`,
    },
  ]);
};

/** Adds the operation that requests the upload of a response. */
export const addResponseOperations = (
  app: OpenAPIHono,
  responses: ApiResponses,
  { signer, isDiskFull }: ApiPorts["uploads"],
): void => {
  const { store, rateLimiter, settings, clock } = responses;
  const isOpen = settings.access === "open";

  const limitRate = async (context: Context, key: Uint8Array): Promise<void> => {
    const address = createHmac("sha256", key).update(responses.getClientAddress(context)).digest("base64url");
    const waitSeconds = await rateLimiter.take(`responses#${address}`, settings.maxRequestsPerMinute, 60);
    if (waitSeconds > 0)
      throw new ProblemError(
        "too-many-requests",
        `A client may send ${settings.maxRequestsPerMinute} requests per minute. Try again in ${waitSeconds} s.`,
        { headers: { "retry-after": String(waitSeconds) } },
      );
  };
  // Not `app.openapi`, which reports the faults of the path before those of the query.
  app.openAPIRegistry.registerPath(isOpen ? { ...route, security: [] } : route);
  app.get(`${pathPrefix}:project/:step`, async (context) => {
    const caller = isOpen ? undefined : requireWriteScope(context);
    const key = await responses.readKey();
    if (isOpen) await limitRate(context, key);
    const path = responsePathSchema.safeParse(context.req.param());
    const query = responseQuerySchema.safeParse(readQuery(context));
    if (!path.success || !query.success)
      return rejectErrors([
        ...(path.success ? [] : toRequestErrors(path.error, "path")),
        ...(query.success ? [] : toRequestErrors(query.error, "query")),
      ]);
    const { replace: replaces, ...named } = query.data;
    const { project, step } = path.data;
    assertRouted(responses, named.type);
    if (isDiskFull()) throw new ProblemError("disk-full", diskFullMessage);
    const result = await requestResponse(
      { responses: store, signer, clock, key, maxBytes: settings.maxBytes },
      { project, step, ...named, replaces },
      caller,
    );
    if (result.kind === "exists")
      throw new ProblemError(
        "response-exists",
        result.isReplaceable
          ? `${named.mail} has already responded to step ${step} of project ${project}. To replace the response, add replace=true.`
          : `The response of ${named.mail} to step ${step} of project ${project} belongs to another user.`,
      );
    const { form, expiresAt } = result;
    return context.json(
      {
        url: new URL(form.url, context.req.url).href,
        fields: form.fields,
        key: result.key,
        expiresAt: expiresAt.toISOString(),
        maxBytes: settings.maxBytes,
      },
      200,
      { "cache-control": "no-store" },
    );
  });
};
