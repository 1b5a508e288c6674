import pRetry from "p-retry";
import type {
  TranscoderPage,
  TranscoderPageRequest,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import type { Item } from "./item.ts";
import { type ItemStore, queryAllItems } from "./item-store.ts";
import { readAllListedItems, readListedItems } from "./listing.ts";
import { decodePageCursor, takePage } from "./pages.ts";
import { getResourceItemId, type ResourceType, toResourceItem } from "./transcoder-item.ts";

/** Retries of an update that conflicts with another one. The delay doubles, with jitter: one to two seconds in total. */
const updateRetries = { retries: 8, minTimeout: 10, maxTimeout: 500, randomize: true };

/** Creates the store of one type of resource: pipelines or presets. */
export const createResourceStore = <Entry extends { readonly Id: string }>(
  items: ItemStore,
  resourceType: ResourceType<Entry>,
) => {
  const parseEntries = (storedItems: readonly Item[]): readonly Entry[] =>
    storedItems.map(resourceType.parse).filter((entry) => entry !== undefined);
  const query = { index: "status-created", attribute: "statusShard", value: resourceType.name };

  const tryUpdate = async (id: string, change: (entry: Entry) => Entry): Promise<Entry | undefined> => {
    const item = await items.get(getResourceItemId(resourceType, id));
    const entry = resourceType.parse(item);
    if (entry === undefined) return undefined;
    const revision = Number(item?.revision);
    const updatedEntry = change(entry);
    const updatedItem = await items.update(getResourceItemId(resourceType, id), {
      set: { [resourceType.name]: updatedEntry, revision: revision + 1 },
      condition: "revision = :revision",
      values: { ":revision": revision },
    });
    if (updatedItem === undefined)
      throw new StoreFailure(
        "precondition",
        `The ${resourceType.name} ${id} was changed by another request at each of ${updateRetries.retries + 1} attempts to update it. Try again.`,
      );
    return updatedEntry;
  };
  /**
   * Updates an entry with optimistic locking: each update increments the revision, and a conflicting one is retried.
   *
   * @throws StoreFailure `precondition` if the retries are exhausted
   */
  const update = (id: string, change: (entry: Entry) => Entry): Promise<Entry | undefined> =>
    pRetry(() => tryUpdate(id, change), {
      ...updateRetries,
      shouldRetry: ({ error }) => error instanceof StoreFailure && error.kind === "precondition",
    });

  return {
    create: (entry: Entry): Promise<boolean> => items.putIfAbsent(toResourceItem(resourceType, entry)),
    read: async (id: string): Promise<Entry | undefined> =>
      resourceType.parse(await items.get(getResourceItemId(resourceType, id))),
    update,
    remove: (id: string): Promise<boolean> => items.remove(getResourceItemId(resourceType, id)),
    async list({ ascending, limit, cursor }: TranscoderPageRequest): Promise<TranscoderPage<Entry>> {
      const afterCreatedAtId = decodePageCursor(cursor);
      const page = await takePage(
        queryAllItems(items, { ...query, ascending, afterCreatedAtId, limit: limit + 1 }),
        limit,
      );
      return { entries: parseEntries(await readListedItems(items, page.items)), cursor: page.cursor };
    },
    async *listAll(): AsyncGenerator<Entry> {
      const entries = queryAllItems(items, { ...query, ascending: true });
      for await (const listedItems of readAllListedItems(items, entries)) yield* parseEntries(listedItems);
    },
  };
};
