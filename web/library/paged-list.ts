import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { describeFailure } from "../components/action-report.ts";
import { hasGap, insertItems, type ListItem, mergeFirstPage } from "./merge-page.ts";

/** Pages that a refresh reads until they go down to the items that are loaded. */
const maxRefreshPages = 5;

/** A page of a list. */
interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly cursor: string | null;
  readonly etag: string | undefined;
}

/** What a page is requested with. */
export interface PageRequest {
  /** Absent: the first page. */
  readonly cursor?: string;
  /** ETag of the first page as it was. */
  readonly etag?: string;
  readonly signal: AbortSignal;
}

/** A list that is loaded page by page, and that follows changes of its first page. */
export interface PagedList<Item> {
  readonly items: ReadonlySignal<readonly Item[]>;
  /** `loading` also while a further page loads. */
  readonly state: ReadonlySignal<"idle" | "loading" | "failed">;
  /** Why the last page did not load. */
  readonly failure: ReadonlySignal<string>;
  /** Whether the first page has been loaded. */
  readonly isReady: ReadonlySignal<boolean>;
  /** Whether there are no further pages. */
  readonly isComplete: ReadonlySignal<boolean>;
  /** New items that are not shown yet, because they would move what the user looks at. */
  readonly newItems: ReadonlySignal<readonly Item[]>;
  /** Where the window was scrolled to, pixels. */
  scrollTop: number;
  /** Loads the next page, unless it loads already or no page is left. */
  loadMore(): Promise<void>;
  /** Reads the first page again, also if it has failed. @param isAtTop whether new items are shown at once @throws RequestError */
  refresh(isAtTop: boolean): Promise<void>;
  showNewItems(): void;
  /** Changes an item, if the list has it. */
  update(id: string, change: (item: Item) => Item): void;
  remove(ids: ReadonlySet<string>): void;
  /** Cancels the requests in progress. */
  stop(): void;
}

/** @param readPage reads a page; undefined if its ETag is still current */
export const createPagedList = <Item extends ListItem>(
  readPage: (request: PageRequest) => Promise<ListPage<Item> | undefined>,
): PagedList<Item> => {
  const items = signal<readonly Item[]>([]);
  const newItems = signal<readonly Item[]>([]);
  const state = signal<"idle" | "loading" | "failed">("idle");
  const failure = signal("");
  const isReady = signal(false);
  const isComplete = signal(false);
  let cursor: string | undefined;
  let etag: string | undefined;
  let controller = new AbortController();

  /** Reads pages until one has items: with filters, a page can be empty although others follow. */
  const readNext = async (abortSignal: AbortSignal): Promise<void> => {
    for (;;) {
      const isFirst = cursor === undefined;
      const page = await readPage({ ...(isFirst ? {} : { cursor }), signal: abortSignal });
      if (page === undefined || abortSignal.aborted) return;
      if (isFirst) etag = page.etag;
      cursor = page.cursor ?? undefined;
      if (page.items.length === 0 && page.cursor !== null) continue;
      batch(() => {
        items.value = insertItems(items.value, page.items);
        isComplete.value = page.cursor === null;
        isReady.value = true;
      });
      return;
    }
  };

  /** Reads further pages, until there are no items between them and the loaded ones. */
  const readPagesToItems = async (
    firstPage: ListPage<Item>,
    abortSignal: AbortSignal,
  ): Promise<ListPage<Item>> => {
    let pages = firstPage;
    for (let count = 1; count < maxRefreshPages; count += 1) {
      if (pages.cursor === null || items.value.length === 0 || !hasGap(items.value, pages)) break;
      const page = await readPage({ cursor: pages.cursor, signal: abortSignal });
      if (page === undefined || abortSignal.aborted) break;
      pages = { items: [...pages.items, ...page.items], cursor: page.cursor, etag: firstPage.etag };
    }
    return pages;
  };

  /** Cancels the requests in progress. */
  const stop = (): void => {
    controller.abort();
    controller = new AbortController();
    if (state.value === "loading") state.value = "idle";
  };

  return {
    items,
    newItems,
    state,
    failure,
    isReady,
    isComplete,
    scrollTop: 0,
    async loadMore() {
      if (state.value === "loading" || isComplete.value) return;
      const { signal: abortSignal } = controller;
      state.value = "loading";
      try {
        await readNext(abortSignal);
        if (!abortSignal.aborted) state.value = "idle";
      } catch (cause) {
        if (abortSignal.aborted) return;
        batch(() => {
          failure.value = describeFailure(cause);
          state.value = "failed";
        });
      }
    },
    async refresh(isAtTop) {
      const { signal: abortSignal } = controller;
      if (!isReady.value) {
        if (state.value !== "failed") return;
        await readNext(abortSignal);
        if (!abortSignal.aborted) state.value = "idle";
        return;
      }
      const page = await readPage({ ...(etag === undefined ? {} : { etag }), signal: abortSignal });
      if (page === undefined || abortSignal.aborted) return;
      const pages = await readPagesToItems(page, abortSignal);
      if (abortSignal.aborted) return;
      etag = pages.etag;
      if (hasGap(items.value, pages)) {
        // Further pages go on below these.
        stop();
        cursor = pages.cursor ?? undefined;
        batch(() => {
          items.value = pages.items;
          newItems.value = [];
          isComplete.value = false;
        });
        return;
      }
      const merged = mergeFirstPage(items.value, pages);
      batch(() => {
        items.value = isAtTop ? insertItems(merged.currentItems, merged.newItems) : merged.currentItems;
        newItems.value = isAtTop ? [] : merged.newItems;
        if (pages.cursor === null) isComplete.value = true;
      });
    },
    showNewItems() {
      batch(() => {
        items.value = insertItems(items.value, newItems.value);
        newItems.value = [];
      });
    },
    update(id, change) {
      if (!items.value.some((item) => item.id === id)) return;
      items.value = items.value.map((item) => (item.id === id ? change(item) : item));
      etag = undefined;
    },
    remove(ids) {
      const isListed = ({ id }: Item): boolean => !ids.has(id);
      if (items.value.every(isListed) && newItems.value.every(isListed)) return;
      batch(() => {
        items.value = items.value.filter(isListed);
        newItems.value = newItems.value.filter(isListed);
      });
      etag = undefined;
    },
    stop,
  };
};
