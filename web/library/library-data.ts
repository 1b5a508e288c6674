import { api, getBody, isNotFound } from "../api/client.ts";
import { isEnded } from "../api/follow-job.ts";
import type { components } from "../api/schema.ts";
import { type Filters, toAddress } from "./filters.ts";
import { createPagedList, type PagedList } from "./paged-list.ts";

export type Video = components["schemas"]["Video"];
export type Job = components["schemas"]["Job"];
export type Route = components["schemas"]["Route"];

/** Items per page. The first page of videos fills a window, and appears soon. */
export const pageSizes = { first: 24, next: 100 };
/** Lists that are kept, so that going back shows them at once, where they were. */
const maxKeptLists = 6;

/** Keeps the lists that were used last. */
const createListCache = <Item>(create: (filters: Filters) => PagedList<Item>) => {
  const lists = new Map<string, PagedList<Item>>();
  const find = (filters: Filters): PagedList<Item> => {
    const key = toAddress(filters);
    const list = lists.get(key) ?? create(filters);
    lists.delete(key);
    lists.set(key, list);
    for (const oldest of lists.keys()) {
      if (lists.size <= maxKeptLists) break;
      lists.delete(oldest);
    }
    return list;
  };
  return { find, getAll: () => [...lists.values()] };
};

const toConditionalHeader = (etag: string | undefined) =>
  etag === undefined ? {} : { "if-none-match": etag };

const videoLists = createListCache((filters) =>
  createPagedList<Video>(async ({ cursor, etag, signal }) => {
    const limit = cursor === undefined ? pageSizes.first : pageSizes.next;
    const { data, response } = await api.GET("/videos", {
      params: {
        query: { ...filters, limit, ...(cursor === undefined ? {} : { cursor }) },
        header: toConditionalHeader(etag),
      },
      signal,
    });
    if (data === undefined) return undefined;
    return { items: data.videos, cursor: data.cursor, etag: response.headers.get("etag") ?? undefined };
  }),
);

// Of the filters, the API knows status and route.
const jobLists = createListCache(({ status, route }) =>
  createPagedList<Job>(async ({ cursor, etag, signal }) => {
    const { data, response } = await api.GET("/jobs", {
      params: {
        query: {
          limit: pageSizes.next,
          ...(status === undefined ? {} : { status }),
          ...(route === undefined ? {} : { route }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        header: toConditionalHeader(etag),
      },
      signal,
    });
    if (data === undefined) return undefined;
    return { items: data.jobs, cursor: data.cursor, etag: response.headers.get("etag") ?? undefined };
  }),
);

/** Finds the list of videos with filters. */
export const findVideoList = videoLists.find;

/** Finds the list of jobs with filters. */
export const findJobList = jobLists.find;

/** Removes deleted videos, and their jobs, from all lists. */
export const removeFromLists = (ids: readonly string[]): void => {
  const removedIds = new Set(ids);
  for (const list of [...videoLists.getAll(), ...jobLists.getAll()]) list.remove(removedIds);
};

/** Shows a job, and the state of its video, in all lists as an operation has changed it. */
export const updateLists = (job: Job): void => {
  const { id, status, progress, error } = job;
  for (const list of videoLists.getAll()) list.update(id, (video) => ({ ...video, status, progress, error }));
  for (const list of jobLists.getAll()) list.update(id, () => job);
};

/** Reads the routes. @throws RequestError */
export const readRoutes = async (): Promise<readonly Route[]> => (await getBody(api.GET("/routes"))).routes;

/** Reads a video; undefined if it does not exist. @throws RequestError */
export const readVideo = async (id: string): Promise<Video | undefined> => {
  try {
    return await getBody(api.GET("/videos/{id}", { params: { path: { id } } }));
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw cause;
  }
};

/** Whether a job has not ended. */
export const isRunning = (job: Pick<Job, "status">): boolean => !isEnded(job);

/** Whether a job can be retried. */
export const isRetryable = ({ status }: Pick<Job, "status">): boolean =>
  status === "Error" || status === "Canceled";
