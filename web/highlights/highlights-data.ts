import { signal } from "@preact/signals";
import { api } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { createPagedList, type PagedList } from "../library/paged-list.ts";

export type Channel = components["schemas"]["Channel"];
export type Appearance = components["schemas"]["Appearance"];
export type Label = components["schemas"]["Label"];
export type Celebrity = components["schemas"]["Celebrity"];

/** An appearance in a list, which is ordered by start. */
export type ListedAppearance = Appearance & { readonly createdAt: string };

/** Appearances per page. */
const pageSize = 24;
/** Labels that are shown: those that were seen last. */
export const maxLabels = 100;

const toConditionalHeader = (etag: string | undefined) =>
  etag === undefined ? {} : { "if-none-match": etag };

/** A document that is read again and again. `value` is undefined until it has been read. */
const createDocument = <Value>(
  read: (etag: string | undefined) => Promise<{ readonly data?: Value; readonly response: Response }>,
) => {
  const value = signal<Value | undefined>(undefined);
  let etag: string | undefined;
  return {
    value,
    /** Reads it again. @throws RequestError */
    async refresh(): Promise<void> {
      const { data, response } = await read(etag);
      etag = response.headers.get("etag") ?? undefined;
      if (data !== undefined) value.value = data;
    },
    /** Shows it as an operation has changed it. */
    replace(changed: Value): void {
      etag = undefined;
      value.value = changed;
    },
  };
};

/** The channels, which all views of channels share. */
export const channels = createDocument<readonly Channel[]>(async (etag) => {
  const { data, response } = await api.GET("/channels", {
    params: { header: toConditionalHeader(etag) },
  });
  return { response, ...(data === undefined ? {} : { data: data.channels }) };
});

/** What was found in a channel. */
const createFindings = (name: string) => {
  const params = (etag: string | undefined) => ({
    path: { name },
    query: { limit: maxLabels },
    header: toConditionalHeader(etag),
  });
  return {
    labels: createDocument(async (etag) => api.GET("/channels/{name}/labels", { params: params(etag) })),
    celebrities: createDocument(async (etag) =>
      api.GET("/channels/{name}/celebrities", { params: params(etag) }),
    ),
  };
};

const createAppearanceList = (name: string, label: string | undefined): PagedList<ListedAppearance> =>
  createPagedList(async ({ cursor, etag, signal: abortSignal }) => {
    const { data, response } = await api.GET("/channels/{name}/appearances", {
      params: {
        path: { name },
        query: {
          limit: pageSize,
          ...(label === undefined ? {} : { label }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        header: toConditionalHeader(etag),
      },
      signal: abortSignal,
    });
    if (data === undefined) return undefined;
    return {
      items: data.appearances.map((appearance) => ({ ...appearance, createdAt: appearance.start })),
      cursor: data.cursor,
      etag: response.headers.get("etag") ?? undefined,
    };
  });

/** Keeps what a function has created. */
const createCache = <Value>(create: (...parameters: readonly string[]) => Value) => {
  const values = new Map<string, Value>();
  return (...parameters: readonly string[]): Value => {
    const key = JSON.stringify(parameters);
    const value = values.get(key) ?? create(...parameters);
    values.set(key, value);
    return value;
  };
};

/** Finds what was found in a channel. */
export const findFindings = createCache((name = "") => createFindings(name));
/** Finds the list of a channel's appearances, of one label or of all. */
export const findAppearanceList = createCache((name = "", label?: string) =>
  createAppearanceList(name, label),
);
