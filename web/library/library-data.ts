import { api, getBody, RequestError } from "../api/client.ts";
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
  return (filters: Filters): PagedList<Item> => {
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
};

const toConditionalHeader = (etag: string | undefined) =>
  etag === undefined ? {} : { "if-none-match": etag };

/** Finds the list of videos with filters. */
export const findVideoList = createListCache((filters) =>
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

/** Finds the list of jobs with filters, of which the API knows status and route. */
export const findJobList = createListCache(({ status, route }) =>
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

/** Reads the routes. @throws RequestError */
export const readRoutes = async (): Promise<readonly Route[]> => (await getBody(api.GET("/routes"))).routes;

/** Reads a video; undefined if it does not exist. @throws RequestError */
export const readVideo = async (id: string): Promise<Video | undefined> => {
  try {
    return await getBody(api.GET("/videos/{id}", { params: { path: { id } } }));
  } catch (cause) {
    if (cause instanceof RequestError && cause.problem?.status === 404) return undefined;
    throw cause;
  }
};

/** Whether a job has not ended. */
export const isRunning = ({ status }: Pick<Job, "status">): boolean =>
  status === "Submitted" || status === "Progressing";

/** Whether a job can be retried. */
export const isRetryable = ({ status }: Pick<Job, "status">): boolean =>
  status === "Error" || status === "Canceled";
