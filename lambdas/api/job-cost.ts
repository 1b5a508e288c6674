import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { buildJobCost, jobCostSchema } from "../../pipeline/api/job-cost.ts";
import { getCaller } from "./authentication.ts";
import { jobLookupProblems, jobPathSchema, jobTags } from "./job-path.ts";
import { findJob } from "./job-reader.ts";
import type { ApiPorts } from "./ports.ts";
import { describeProblems } from "./problems.ts";

const route = createRoute({
  method: "get",
  path: "/jobs/{id}/cost",
  operationId: "getJobCost",
  summary: "Estimate the cost of a job",
  description:
    "Returns what the tasks of a job have cost so far, at AWS's list prices, and what the cost is made of. The id of a video is that of its job. On one machine it is 0.",
  tags: jobTags,
  request: { params: jobPathSchema, query: z.strictObject({}) },
  responses: {
    200: { description: "The cost.", content: { "application/json": { schema: jobCostSchema } } },
    ...describeProblems(...jobLookupProblems),
  },
});

/** Adds the operation that estimates the cost of a job. */
export const addJobCost = (
  app: OpenAPIHono,
  {
    jobs,
    configuration,
    workerHardware,
    videos: { clock },
  }: Pick<ApiPorts, "jobs" | "configuration" | "workerHardware" | "videos">,
): void => {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid("param");
    const { job } = await findJob(jobs, id, getVisibleOwnerId(getCaller(context)));
    context.header("cache-control", "no-store");
    return context.json(buildJobCost(job, workerHardware, configuration.taskSizes, clock.now()), 200);
  });
};
