import { api, getBody } from "../api/client.ts";
import type { components } from "../api/schema.ts";

type Job = components["schemas"]["Job"];

const maxListed = 20;

/** Lists the latest jobs of an upload by its key, newest first. */
export const listJobs = async (key: string): Promise<readonly Job[]> => {
  const { jobs } = await getBody(api.GET("/jobs", { params: { query: { key, limit: maxListed } } }));
  return jobs;
};
