import * as z from "zod";
import type { Job } from "../jobs/job.ts";
import { estimateJobCost, type WorkerHardware } from "../jobs/job-cost.ts";
import { priceTable } from "../prices/price-table.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";

const attemptCostSchema = z.object({
  attempt: z.number().describe("Number of the attempt."),
  startedAt: z.string().describe("When its worker started, ISO 8601."),
  endedAt: z.string().nullable().describe("When it ended, ISO 8601; null while it runs."),
  billedSeconds: z.number().describe("Seconds that Fargate bills: at least 60."),
  usd: z.number().describe("Estimated cost in US dollars."),
});

const resourceCostSchema = z.object({
  resource: z
    .enum(["vcpu", "memoryGb", "storageGb", "publicIpv4"])
    .describe(
      "What is billed: vCPUs, memory and ephemeral storage beyond 20 GB in GB, or a public IPv4 address.",
    ),
  quantity: z.number().describe("How much of it a task has."),
  usdPerHour: z.number().describe("List price of one for an hour, in US dollars."),
  usd: z.number().describe("Estimated cost of all attempts in US dollars."),
});

/** Estimated cost of a job so far. */
export const jobCostSchema = z
  .object({
    usd: z
      .number()
      .describe(
        "Estimated cost of the attempts so far in US dollars: task size × run time × list price. Storage, requests and transfer are not included.",
      ),
    reason: z.string().nullable().describe("Why nothing is billed, on one machine; null on AWS."),
    attempts: z
      .array(attemptCostSchema)
      .describe(
        "Attempts whose worker has started, oldest first. The pull of the image is not included. For the engine elastic-transcoder, only the current attempt.",
      ),
    resources: z.array(resourceCostSchema).describe("What the cost is made of; empty on one machine."),
    capacityProvider: z
      .enum(["FARGATE", "FARGATE_SPOT"])
      .nullable()
      .describe(
        "Capacity provider of the tasks; null on one machine. The estimate uses the price of FARGATE, which is an upper bound for FARGATE_SPOT.",
      ),
    priceList: z
      .object({
        region: z.string().describe("AWS Region of the prices."),
        year: z.string().describe("Year of the prices."),
      })
      .nullable()
      .describe("The price list; null on one machine."),
  })
  .meta({ id: "JobCost", description: "Estimated cost of a job so far." });
/** Estimated cost of a job so far, as the HTTP API shows it. */
export type JobCostDocument = z.infer<typeof jobCostSchema>;

/** Builds the document of a job's cost. @param hardware undefined: the worker runs on this machine */
export const buildJobCost = (
  job: Job,
  hardware: WorkerHardware | undefined,
  taskSizes: TaskSizes,
  now: Date,
): JobCostDocument => {
  if (hardware === undefined)
    return {
      usd: 0,
      reason: "The job runs on this machine, for which nothing is billed.",
      attempts: [],
      resources: [],
      capacityProvider: null,
      priceList: null,
    };
  const { usd, attempts, resources } = estimateJobCost(job, hardware, taskSizes, now);
  return {
    usd,
    reason: null,
    attempts: attempts.map(({ endedAt, ...attempt }) => ({ ...attempt, endedAt: endedAt ?? null })),
    resources: [...resources],
    capacityProvider: hardware.capacityProvider,
    priceList: { region: priceTable.region, year: priceTable.asOf },
  };
};
