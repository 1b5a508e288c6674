import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { insertItems, type ListItem, mergeFirstPage } from "./merge-page.ts";

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
  readonly hidden: ReadonlySignal<readonly Item[]>;
  /** Where the window was scrolled to, pixels. */
  scrollTop: number;
  /** Loads the next page, unless it loads already or no page is left. */
  loadMore(): Promise<void>;
  /** Reads the first page again, also if it has failed. @param isAtTop whether new items are shown at once @throws RequestError */
  refresh(isAtTop: boolean): Promise<void>;
  showHidden(): void;
  replace(item: Item): void;
  remove(ids: ReadonlySet<string>): void;
  /** Cancels the requests in progress. */
  stop(): void;
}

/** @param readPage reads a page; undefined if its ETag is still current */
export const createPagedList = <Item extends ListItem>(
  readPage: (request: PageRequest) => Promise<ListPage<Item> | undefined>,
): PagedList<Item> => {
  const items = signal<readonly Item[]>([]);
  const hidden = signal<readonly Item[]>([]);
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

  return {
    items,
    hidden,
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
          failure.value = cause instanceof Error ? cause.message : String(cause);
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
      etag = page.etag;
      const { kept, added } = mergeFirstPage(items.value, page);
      batch(() => {
        items.value = isAtTop ? insertItems(kept, added) : kept;
        hidden.value = isAtTop ? [] : added;
        if (page.cursor === null) isComplete.value = true;
      });
    },
    showHidden() {
      batch(() => {
        items.value = insertItems(items.value, hidden.value);
        hidden.value = [];
      });
    },
    replace(item) {
      items.value = items.value.map((one) => (one.id === item.id ? item : one));
      etag = undefined;
    },
    remove(ids) {
      items.value = items.value.filter(({ id }) => !ids.has(id));
      etag = undefined;
    },
    stop() {
      controller.abort();
      controller = new AbortController();
      if (state.value === "loading") state.value = "idle";
    },
  };
};
