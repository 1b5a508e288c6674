import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { renderJob } from "../../pipeline/elastic-transcoder/api/render.ts";
import { parseRequest } from "../../pipeline/elastic-transcoder/api/requests/constraint.ts";
import { parseCreateJob } from "../../pipeline/elastic-transcoder/api/requests/create-job.ts";
import { jobStatus } from "../../pipeline/elastic-transcoder/api/requests/fields.ts";
import { newTranscoderJob } from "../../pipeline/elastic-transcoder/jobs/new-job.ts";
import type { Preset } from "../../pipeline/elastic-transcoder/presets/preset.ts";
import { systemPreset } from "../../pipeline/elastic-transcoder/presets/system-presets.ts";
import * as z from "../../pipeline/schema/z.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { found, jsonBody, pageRequest, pathId, readPage } from "./request.ts";

const statusPath = z.object({ Status: jobStatus });

/** CreateJob, ReadJob, CancelJob, ListJobsByPipeline, ListJobsByStatus. */
export const jobOperations = ({ store, dispatcher, scope, limits, clock, log }: TranscoderApiPorts): Hono => {
  const app = new Hono();

  const presetsOf = async (ids: readonly string[]): Promise<ReadonlyMap<string, Preset>> => {
    const presets = await Promise.all(
      [...new Set(ids)].map(async (id) => [id, systemPreset(id) ?? (await store.readPreset(id))] as const),
    );
    return new Map(presets.flatMap(([id, preset]) => (preset === undefined ? [] : [[id, preset]])));
  };

  app.post("/jobs", async (context) => {
    const body = parseCreateJob(await jsonBody(context));
    const pipeline = found("pipeline", body.PipelineId, await store.readPipeline(body.PipelineId));
    const presets = await presetsOf(body.outputs.map(({ PresetId }) => PresetId));
    const now = clock.now().getTime();
    const job = await store.create(newTranscoderJob(body, { pipeline, presets, limits, now }));
    // A pipeline that was deleted meanwhile has no dispatcher: its job would wait for ever.
    if ((await store.readPipeline(pipeline.Id)) === undefined) {
      await store.cancel(job.id);
      found("pipeline", pipeline.Id, undefined);
    }
    await dispatcher
      .send({ reason: "job created" })
      .catch((cause: unknown) =>
        log.warn("The dispatcher was not kicked; its schedule takes the job", { cause: String(cause) }),
      );
    return context.json({ Job: renderJob(job, scope) }, 201);
  });
  app.get("/jobs/:id", async (context) => {
    const id = pathId(context);
    return context.json({ Job: renderJob(found("job", id, await store.read(id)), scope) });
  });
  app.delete("/jobs/:id", async (context) => {
    const id = pathId(context);
    const job = found("job", id, await store.read(id));
    if ((await store.cancel(id)) === undefined)
      throw new ApiError(
        "ResourceInUseException",
        `The specified job ${id} is ${job.status}${job.status === "Submitted" ? " and about to start" : ""}: only a job that waits can be cancelled.`,
      );
    return context.json({ Success: "true" }, 202);
  });
  app.get("/jobsByPipeline/:id", async (context) => {
    const id = pathId(context, "PipelineId");
    found("pipeline", id, await store.readPipeline(id));
    const { entries, token } = await readPage(store.byPipeline(id, pageRequest(context, false)));
    return context.json({ Jobs: entries.map((job) => renderJob(job, scope)), ...token });
  });
  app.get("/jobsByStatus/:status", async (context) => {
    const { Status } = parseRequest(statusPath, { Status: context.req.param("status") });
    const { entries, token } = await readPage(store.byStatus(Status, pageRequest(context, false)));
    return context.json({ Jobs: entries.map((job) => renderJob(job, scope)), ...token });
  });
  return app;
};
