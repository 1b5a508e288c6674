import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import type { RecoveredOutcome } from "../../pipeline/jobs/recover-job.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { topicArns } from "../names.ts";

const lineSchema = z.object({ topic: z.string(), message: z.string() });
const outputSchema = z.looseObject({ key: z.string(), bytes: z.number() });
const messageSchema = z.object({
  id: z.string(),
  attempt: z.number().int().positive(),
  status: z.enum(["Complete", "Error", "Canceled"]),
  outputs: z.array(outputSchema).default([]),
  error: z
    .object({ code: z.number(), name: z.string(), message: z.string(), retryable: z.boolean() })
    .nullable()
    .default(null),
  createdAt: z.string().optional(),
  finishedAt: z.string().optional(),
});

const parseMessage = (text: string): z.infer<typeof messageSchema> | undefined => {
  const notification = lineSchema.safeParse(parseJson(text)).data;
  if (notification?.topic !== topicArns.jobs) return undefined;
  return messageSchema.safeParse(parseJson(notification.message)).data;
};

/**
 * Reads the outcomes of jobs from the notification log: the last attempt of each job, by id. Invalid lines are
 * skipped.
 *
 * @param path of the log, one JSON document per line; it may be missing
 */
export const readJobMessages = async (path: string): Promise<ReadonlyMap<string, RecoveredOutcome>> => {
  const evidenceById = new Map<string, RecoveredOutcome>();
  try {
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const parsed = parseMessage(text);
      if (parsed === undefined) continue;
      const { id, ...evidence } = parsed;
      if (evidence.attempt >= (evidenceById.get(id)?.attempt ?? 0)) evidenceById.set(id, evidence);
    }
  } catch (cause) {
    if (getSystemErrorCode(cause) !== "ENOENT") throw cause;
  }
  return evidenceById;
};
