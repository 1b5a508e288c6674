import * as z from "zod";

const taskMetadata = z.object({
  TaskARN: z.string(),
  /** `Memory` in MiB. */
  Limits: z.object({ Memory: z.number().optional() }).optional(),
});

/**
 * Reads the metadata of the worker's own task from the task metadata endpoint v4 (Amazon ECS developer guide);
 * undefined outside ECS or if the request fails.
 */
export const readTaskMetadata = async (
  endpoint: string | undefined,
): Promise<z.infer<typeof taskMetadata> | undefined> => {
  if (endpoint === undefined) return undefined;
  try {
    const response = await fetch(`${endpoint}/task`, { signal: AbortSignal.timeout(5000) });
    return taskMetadata.parse(await response.json());
  } catch {
    return undefined;
  }
};

/** Reads the ARN of the worker's own task; undefined if the metadata is not available. */
export const readTaskArn = async (endpoint: string | undefined): Promise<string | undefined> =>
  (await readTaskMetadata(endpoint))?.TaskARN;
