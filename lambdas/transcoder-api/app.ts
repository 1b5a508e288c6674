import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { verifySignature } from "../../pipeline/elastic-transcoder/api/signature.ts";
import { createJobOperations } from "./jobs.ts";
import { createPipelineOperations } from "./pipelines.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { createPresetOperations } from "./presets.ts";

/** The largest CreateJob or CreatePreset is a fraction of it. */
const maxBodyBytes = 1 << 20;

/**
 * The HTTP face of the transcoder service, API 2012-09-25: its 17 operations. Every request is checked against the
 * service's own keys.
 */
export const createTranscoderApi = (ports: TranscoderApiPorts): Hono => {
  const app = new Hono().basePath("/2012-09-25");

  app.onError((error, context) => {
    const apiError =
      error instanceof ApiError
        ? error
        : new ApiError("InternalServiceException", "The service failed; try again.");
    if (apiError !== error) ports.log.error("A request of the transcoder API failed", { error });
    context.header("x-amzn-ErrorType", apiError.type);
    return context.json({ message: apiError.message }, apiError.status);
  });
  app.notFound(({ req }) => {
    throw new ApiError(
      "UnknownOperationException",
      `${req.method} ${req.path} is no operation of this service.`,
    );
  });

  // Before the signature, which needs the whole body: anyone can send one.
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ApiError(
          "RequestEntityTooLargeException",
          `The request body has more than ${maxBodyBytes} bytes, the limit of this API.`,
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
      throw new ApiError("AccessDeniedException", `Key ${key.accessKeyId} may only read.`);
    await next();
  });
  app.route("/", createJobOperations(ports));
  app.route("/", createPipelineOperations(ports));
  app.route("/", createPresetOperations(ports));
  return app;
};
