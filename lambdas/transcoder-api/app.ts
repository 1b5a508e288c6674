import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { verifySignature } from "../../pipeline/elastic-transcoder/api/signature.ts";
import { createJobOperations } from "./jobs.ts";
import { createPipelineOperations } from "./pipelines.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { createPresetOperations } from "./presets.ts";

/** Far more than the largest CreateJob or CreatePreset request. */
const maxBodyBytes = 1 << 20;

/**
 * Creates the HTTP API of the transcoder service, version 2012-09-25, with its 17 operations. Requests are signed with
 * the service's own keys.
 */
export const createTranscoderApi = (ports: TranscoderApiPorts): Hono => {
  const app = new Hono().basePath("/2012-09-25");

  app.onError((error, context) => {
    const apiError =
      error instanceof ApiError
        ? error
        : new ApiError("InternalServiceException", "Internal error. Try again.");
    if (apiError !== error) ports.log.error("Transcoder API request failed", { error });
    context.header("x-amzn-ErrorType", apiError.type);
    return context.json({ message: apiError.message }, apiError.status);
  });
  app.notFound(({ req }) => {
    throw new ApiError(
      "UnknownOperationException",
      `${req.method} ${req.path} is not an operation of this API.`,
    );
  });

  // Before the signature check, which needs the whole body: unauthenticated clients can send large bodies.
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ApiError(
          "RequestEntityTooLargeException",
          `The request body exceeds the limit of ${maxBodyBytes} bytes.`,
        );
      },
    }),
  );
  app.use(async (context, next) => {
    const url = new URL(context.req.url);
    const request = {
      method: context.req.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers: context.req.header(),
      body: await context.req.text(),
    };
    const verify = async (forceRefresh: boolean) =>
      verifySignature(
        request,
        await ports.secrets.readTranscoderKeys({ forceRefresh }),
        ports.clock.now().getTime(),
      );
    const key = await verify(false).catch((cause: unknown) => {
      if (cause instanceof ApiError && cause.type === "UnrecognizedClientException") return verify(true);
      throw cause;
    });
    if (key.scope === "read" && context.req.method !== "GET")
      throw new ApiError(
        "AccessDeniedException",
        `Key ${key.accessKeyId} has scope read and allows only GET requests.`,
      );
    await next();
  });
  app.route("/", createJobOperations(ports));
  app.route("/", createPipelineOperations(ports));
  app.route("/", createPresetOperations(ports));
  return app;
};
