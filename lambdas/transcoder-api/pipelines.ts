import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { newPipeline, updatedPipeline } from "../../pipeline/elastic-transcoder/api/new-pipeline.ts";
import {
  parseCreatePipeline,
  parseNotifications,
  parsePipelineStatus,
  parseTestRole,
  parseUpdatePipeline,
} from "../../pipeline/elastic-transcoder/api/requests/pipelines.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { found, jsonBody, pageRequest, pathId, readPage } from "./request.ts";

/** The service allowed 4 a region. */
const mostPipelines = 100;

/** CreatePipeline, ListPipelines, ReadPipeline, the three updates, DeletePipeline, TestRole. */
export const pipelineOperations = ({ store, dispatcher, scope, clock, log }: TranscoderApiPorts): Hono => {
  const app = new Hono();

  const isInUse = async (id: string): Promise<boolean> => {
    for (const jobs of [store.waiting(id), store.running(id)]) for await (const _ of jobs) return true;
    return false;
  };

  app.post("/pipelines", async (context) => {
    const body = parseCreatePipeline(await jsonBody(context));
    const { entries } = await store.listPipelines({ ascending: true, limit: mostPipelines });
    if (entries.length >= mostPipelines)
      throw new ApiError(
        "LimitExceededException",
        `There are ${mostPipelines} pipelines, as many as there may be. Delete one that is not needed.`,
      );
    const pipeline = newPipeline(body, clock.now().getTime(), scope);
    await store.createPipeline(pipeline);
    return context.json({ Pipeline: pipeline, Warnings: [] }, 201);
  });
  app.get("/pipelines", async (context) => {
    const { entries, token } = await readPage(store.listPipelines(pageRequest(context, true)));
    return context.json({ Pipelines: entries, ...token });
  });
  app.get("/pipelines/:id", async (context) => {
    const id = pathId(context);
    return context.json({ Pipeline: found("pipeline", id, await store.readPipeline(id)), Warnings: [] });
  });
  app.put("/pipelines/:id", async (context) => {
    const id = pathId(context);
    const body = parseUpdatePipeline(await jsonBody(context));
    const changed = await store.updatePipeline(id, (pipeline) => updatedPipeline(pipeline, body));
    return context.json({ Pipeline: found("pipeline", id, changed), Warnings: [] });
  });
  app.post("/pipelines/:id/notifications", async (context) => {
    const id = pathId(context);
    const Notifications = parseNotifications(await jsonBody(context));
    const changed = await store.updatePipeline(id, (pipeline) => ({ ...pipeline, Notifications }));
    return context.json({ Pipeline: found("pipeline", id, changed) });
  });
  app.post("/pipelines/:id/status", async (context) => {
    const id = pathId(context);
    const Status = parsePipelineStatus(await jsonBody(context));
    const changed = await store.updatePipeline(id, (pipeline) => ({ ...pipeline, Status }));
    if (Status === "Active")
      await dispatcher
        .send({ reason: "pipeline activated" })
        .catch((cause: unknown) => log.warn("The dispatcher was not kicked", { cause: String(cause) }));
    return context.json({ Pipeline: found("pipeline", id, changed) });
  });
  app.delete("/pipelines/:id", async (context) => {
    const id = pathId(context);
    found("pipeline", id, await store.readPipeline(id));
    if (await isInUse(id))
      throw new ApiError(
        "ResourceInUseException",
        `The pipeline ${id} has jobs that have not ended. Wait for them, or cancel them.`,
      );
    await store.deletePipeline(id);
    return context.json({ Success: "true" }, 202);
  });
  app.post("/roleTests", async (context) => {
    parseTestRole(await jsonBody(context));
    return context.json({
      Success: "false",
      Messages: ["This service tests no role: a job whose role cannot be assumed ends with error 2000."],
    });
  });
  return app;
};
