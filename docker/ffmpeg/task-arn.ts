import * as z from "zod";

const metadata = z.object({ TaskARN: z.string() });

/**
 * The worker's own task, from the task metadata endpoint v4 (Amazon ECS developer guide); undefined outside ECS,
 * or where it does not answer: the record of the start is then the task's state change.
 */
export const ownTask = async (endpoint: string | undefined): Promise<string | undefined> => {
  if (endpoint === undefined) return undefined;
  try {
    const response = await fetch(`${endpoint}/task`, { signal: AbortSignal.timeout(5000) });
    return metadata.parse(await response.json()).TaskARN;
  } catch {
    return undefined;
  }
};
