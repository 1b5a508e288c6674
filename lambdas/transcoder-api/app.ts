import { Hono } from "hono";
import type { Clock, Log, Queue, Secrets } from "../../pipeline/ports/services.ts";
import type { TranscoderStore } from "../../pipeline/ports/transcoder-store.ts";
import { ApiError } from "../../pipeline/transcoder/api-error.ts";
import { newTranscoderJob, parseCreateJob } from "../../pipeline/transcoder/create-job.ts";
import type { Pipeline } from "../../pipeline/transcoder/job.ts";
import { type ArnScope, renderJob, renderPreset } from "../../pipeline/transcoder/render.ts";
import { verifySignature } from "../../pipeline/transcoder/signature.ts";
import { systemPreset, systemPresets } from "../../pipeline/transcoder/system-presets.ts";
import type { WorkLimits } from "../../pipeline/work/order.ts";

export interface TranscoderApiPorts {
  readonly store: TranscoderStore;
  readonly secrets: Secrets;
  /** Kicked after every new job. */
  readonly dispatcher: Queue;
  readonly scope: ArnScope;
  readonly limits: WorkLimits;
  readonly clock: Clock;
  readonly log: Log;
}

const idPattern = /^\d{13}-\w{6}$/;

const checkId = (id: string): string => {
  if (!idPattern.test(id))
    throw new ApiError(
      "ValidationException",
      `1 validation error detected: Value '${id.slice(0, 64)}' at 'id' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\d{13}-\\w{6}$`,
    );
  return id;
};

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("ValidationException", "The request body is no JSON.");
  }
};

/** The system presets are one page; a token is a sign of another service's client. */
const pageOf = <Entry>(entries: readonly Entry[], ascending: boolean): readonly Entry[] =>
  ascending ? entries : [...entries].reverse();

/**
 * The HTTP face of the transcoder service, API 2012-09-25: jobs, presets and the pipeline, as far as Reelway's
 * own route needs them. Every request is checked against the service's own keys.
 */
export const createTranscoderApi = (ports: TranscoderApiPorts): Hono => {
  const app = new Hono().basePath("/2012-09-25");

  app.onError((error, context) => {
    const known =
      error instanceof ApiError
        ? error
        : new ApiError("InternalServiceException", "The service failed; try again.");
    if (known !== error) ports.log.error("A request of the transcoder API failed", { cause: String(error) });
    context.header("x-amzn-ErrorType", known.type);
    return context.json({ message: known.message }, known.status);
  });
  app.notFound((context) => {
    context.header("x-amzn-ErrorType", "AccessDeniedException");
    return context.json(
      { message: `${context.req.method} ${context.req.path} is no operation of this service yet.` },
      403,
    );
  });

  app.use(async (context, next) => {
    const url = new URL(context.req.url);
    const key = verifySignature(
      {
        method: context.req.method,
        path: url.pathname,
        query: url.search.slice(1),
        headers: context.req.header(),
        body: await context.req.text(),
      },
      await ports.secrets.transcoderKeys(),
      ports.clock.now().getTime(),
    );
    if (key.scope === "read" && context.req.method !== "GET")
      throw new ApiError("AccessDeniedException", `Key ${key.accessKeyId} may only read.`);
    await next();
  });

  const pipelineOf = async (id: string): Promise<Pipeline> => {
    const pipeline = await ports.store.readPipeline(checkId(id));
    if (pipeline === undefined)
      throw new ApiError("ResourceNotFoundException", `The specified pipeline was not found: ${id}`);
    return pipeline;
  };
  const jobOf = async (id: string) => {
    const job = await ports.store.read(checkId(id));
    if (job === undefined)
      throw new ApiError("ResourceNotFoundException", `The specified job was not found: ${id}`);
    return job;
  };

  app.post("/jobs", async (context) => {
    const body = parseCreateJob(parseBody(await context.req.text()));
    const job = await ports.store.create(
      newTranscoderJob(body, {
        pipeline: await pipelineOf(body.PipelineId),
        preset: systemPreset,
        limits: ports.limits,
        now: ports.clock.now().getTime(),
      }),
    );
    await ports.dispatcher
      .send({ reason: "job created" })
      .catch((cause: unknown) =>
        ports.log.warn("The dispatcher was not kicked; its schedule takes the job", { cause: String(cause) }),
      );
    return context.json({ Job: renderJob(job, ports.scope), Warnings: [] }, 201);
  });
  app.get("/jobs/:id", async (context) =>
    context.json({ Job: renderJob(await jobOf(context.req.param("id")), ports.scope) }),
  );
  app.delete("/jobs/:id", async (context) => {
    const job = await jobOf(context.req.param("id"));
    if ((await ports.store.cancel(job.id)) === undefined)
      throw new ApiError(
        "ResourceInUseException",
        `The specified job ${job.id} is ${job.status}: only a Submitted job can be cancelled.`,
      );
    return context.json({ Success: "true" }, 202);
  });
  app.get("/jobsByPipeline/:id", async (context) => {
    const pipeline = await pipelineOf(context.req.param("id"));
    const token = context.req.query("PageToken");
    let after: string | undefined;
    try {
      after = token === undefined ? undefined : Buffer.from(token, "base64url").toString();
      if (after !== undefined) JSON.parse(after);
    } catch {
      throw new ApiError("ValidationException", "PageToken: is none of this service's.");
    }
    const page = await ports.store.byPipeline(pipeline.Id, context.req.query("Ascending") === "true", after);
    return context.json({
      Jobs: page.jobs.map((job) => renderJob(job, ports.scope)),
      ...(page.next === undefined ? {} : { NextPageToken: Buffer.from(page.next).toString("base64url") }),
    });
  });
  app.get("/pipelines/:id", async (context) =>
    context.json({ Pipeline: await pipelineOf(context.req.param("id")), Warnings: [] }),
  );
  app.get("/presets", (context) =>
    context.json({
      Presets: pageOf(systemPresets, context.req.query("Ascending") !== "false").map((preset) =>
        renderPreset(preset, ports.scope),
      ),
    }),
  );
  app.get("/presets/:id", (context) => {
    const id = checkId(context.req.param("id"));
    const preset = systemPreset(id);
    if (preset === undefined)
      throw new ApiError("ResourceNotFoundException", `The specified preset was not found: ${id}`);
    return context.json({ Preset: renderPreset(preset, ports.scope) });
  });
  return app;
};
