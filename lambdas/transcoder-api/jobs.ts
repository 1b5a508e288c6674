import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { renderJob } from "../../pipeline/elastic-transcoder/api/render.ts";
import { parseCreateJob } from "../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { jobStatus } from "../../pipeline/elastic-transcoder/api/requests/fields.ts";
import { parseRequest } from "../../pipeline/elastic-transcoder/api/requests/validation.ts";
import { buildTranscoderJob } from "../../pipeline/elastic-transcoder/jobs/build-job.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { findSystemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { parseJsonBody, parsePageRequest, parsePathId, readPage, requireFound } from "./request.ts";

const statusPath = z.object({ Status: jobStatus });

/** Creates the operations CreateJob, ReadJob, CancelJob, ListJobsByPipeline and ListJobsByStatus. */
export const createJobOperations = ({
  store,
  dispatcherQueue,
  scope,
  limits,
  clock,
  log,
}: TranscoderApiPorts): Hono => {
  const app = new Hono();

  const readPresets = async (ids: readonly string[]): Promise<ReadonlyMap<string, Preset>> => {
    const presets = await Promise.all(
      [...new Set(ids)].map(
        async (id) => [id, findSystemPreset(id) ?? (await store.readPreset(id))] as const,
      ),
    );
    return new Map(presets.flatMap(([id, preset]) => (preset === undefined ? [] : [[id, preset]])));
  };

  app.post("/jobs", async (context) => {
    const body = parseCreateJob(await parseJsonBody(context));
    const pipeline = requireFound("pipeline", body.PipelineId, await store.readPipeline(body.PipelineId));
    const presets = await readPresets(body.outputs.map(({ PresetId }) => PresetId));
    const now = clock.now().getTime();
    const job = await store.create(buildTranscoderJob(body, { pipeline, presets, limits, now }));
    // If the pipeline was deleted in the meantime, the job would never be started.
    if ((await store.readPipeline(pipeline.Id)) === undefined) {
      await store.cancel(job.id);
      requireFound("pipeline", pipeline.Id, undefined);
    }
    await dispatcherQueue
      .send({ reason: "job created" })
      .catch((cause: unknown) =>
        log.warn("Waking the dispatcher failed; its schedule starts the job", { error: cause }),
      );
    return context.json({ Job: renderJob(job, scope) }, 201);
  });
  app.get("/jobs/:id", async (context) => {
    const id = parsePathId(context);
    return context.json({ Job: renderJob(requireFound("job", id, await store.read(id)), scope) });
  });
  app.delete("/jobs/:id", async (context) => {
    const id = parsePathId(context);
    const job = requireFound("job", id, await store.read(id));
    if ((await store.cancel(id)) === undefined)
      throw new ApiError(
        "ResourceInUseException",
        `The specified job ${id} is ${job.status}${job.status === "Submitted" ? " and about to start" : ""}: only a Submitted job that has not started can be canceled.`,
      );
    return context.json({ Success: "true" }, 202);
  });
  app.get("/jobsByPipeline/:id", async (context) => {
    const id = parsePathId(context, "PipelineId");
    requireFound("pipeline", id, await store.readPipeline(id));
    const { entries, token } = await readPage(store.listByPipeline(id, parsePageRequest(context, false)));
    return context.json({ Jobs: entries.map((job) => renderJob(job, scope)), ...token });
  });
  app.get("/jobsByStatus/:status", async (context) => {
    const { Status } = parseRequest(statusPath, { Status: context.req.param("status") });
    const { entries, token } = await readPage(store.listByStatus(Status, parsePageRequest(context, false)));
    return context.json({ Jobs: entries.map((job) => renderJob(job, scope)), ...token });
  });
  return app;
};
