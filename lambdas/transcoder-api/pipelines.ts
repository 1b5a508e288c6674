import { Hono } from "hono";
import { ApiError } from "../../pipeline/elastic-transcoder/api/api-error.ts";
import { applyPipelineUpdate, buildPipeline } from "../../pipeline/elastic-transcoder/api/build-pipeline.ts";
import {
  parseCreatePipeline,
  parseNotifications,
  parsePipelineStatus,
  parseTestRole,
  parseUpdatePipeline,
} from "../../pipeline/elastic-transcoder/api/requests/pipelines.ts";
import type { TranscoderApiPorts } from "./ports.ts";
import { parseJsonBody, parsePageRequest, parsePathId, readPage, requireFound } from "./request.ts";

/** Elastic Transcoder allowed 4 per Region. */
const maxPipelines = 100;

/**
 * Creates the operations CreatePipeline, ListPipelines, ReadPipeline, the three updates, DeletePipeline and TestRole.
 */
export const createPipelineOperations = ({
  store,
  dispatcherQueue,
  scope,
  clock,
  log,
}: TranscoderApiPorts): Hono => {
  const app = new Hono();

  const isInUse = async (id: string): Promise<boolean> => {
    for (const jobs of [store.listPending(id), store.listRunning(id)])
      for await (const _ of jobs) return true;
    return false;
  };

  app.post("/pipelines", async (context) => {
    const body = parseCreatePipeline(await parseJsonBody(context));
    const { entries } = await store.listPipelines({ ascending: true, limit: maxPipelines });
    if (entries.length >= maxPipelines)
      throw new ApiError(
        "LimitExceededException",
        `The limit of ${maxPipelines} pipelines is reached. Delete an unused pipeline.`,
      );
    const pipeline = buildPipeline(body, clock.now().getTime(), scope);
    await store.createPipeline(pipeline);
    return context.json({ Pipeline: pipeline, Warnings: [] }, 201);
  });
  app.get("/pipelines", async (context) => {
    const { entries, token } = await readPage(store.listPipelines(parsePageRequest(context, true)));
    return context.json({ Pipelines: entries, ...token });
  });
  app.get("/pipelines/:id", async (context) => {
    const id = parsePathId(context);
    return context.json({
      Pipeline: requireFound("pipeline", id, await store.readPipeline(id)),
      Warnings: [],
    });
  });
  app.put("/pipelines/:id", async (context) => {
    const id = parsePathId(context);
    const body = parseUpdatePipeline(await parseJsonBody(context));
    const storedPipeline = await store.updatePipeline(id, (pipeline) => applyPipelineUpdate(pipeline, body));
    return context.json({ Pipeline: requireFound("pipeline", id, storedPipeline), Warnings: [] });
  });
  app.post("/pipelines/:id/notifications", async (context) => {
    const id = parsePathId(context);
    const Notifications = parseNotifications(await parseJsonBody(context));
    const storedPipeline = await store.updatePipeline(id, (pipeline) => ({ ...pipeline, Notifications }));
    return context.json({ Pipeline: requireFound("pipeline", id, storedPipeline) });
  });
  app.post("/pipelines/:id/status", async (context) => {
    const id = parsePathId(context);
    const Status = parsePipelineStatus(await parseJsonBody(context));
    const storedPipeline = await store.updatePipeline(id, (pipeline) => ({ ...pipeline, Status }));
    if (Status === "Active")
      await dispatcherQueue
        .send({ reason: "pipeline activated" })
        .catch((cause: unknown) => log.warn("Waking the dispatcher failed", { error: cause }));
    return context.json({ Pipeline: requireFound("pipeline", id, storedPipeline) });
  });
  app.delete("/pipelines/:id", async (context) => {
    const id = parsePathId(context);
    requireFound("pipeline", id, await store.readPipeline(id));
    if (await isInUse(id))
      throw new ApiError(
        "ResourceInUseException",
        `The pipeline ${id} has active jobs. Wait until they finish, or cancel them.`,
      );
    await store.deletePipeline(id);
    return context.json({ Success: "true" }, 202);
  });
  app.post("/roleTests", async (context) => {
    parseTestRole(await parseJsonBody(context));
    return context.json({
      Success: "false",
      Messages: [
        "TestRole does not test the role. A job whose role cannot be assumed fails with error 2000.",
      ],
    });
  });
  return app;
};
