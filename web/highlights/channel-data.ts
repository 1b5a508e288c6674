import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { components } from "../api/schema.ts";
import { createPagedList, type PagedList } from "../library/paged-list.ts";

type Highlights = components["schemas"]["Highlights"];
export type Channel = components["schemas"]["Channel"];
export type Appearance = components["schemas"]["Appearance"];
export type Celebrity = components["schemas"]["Celebrity"];

/** An appearance in a list, which is ordered by start. */
export type ListedAppearance = Appearance & { readonly createdAt: string };

/** The requests of a channel's data. They reject with `RequestError`. */
export interface ChannelSource {
  /** @returns `document` undefined if the ETag is still current */
  readHighlights(request: {
    readonly label: string | undefined;
    readonly etag: string | undefined;
    readonly signal: AbortSignal;
  }): Promise<{ readonly document: Highlights | undefined; readonly etag: string | undefined }>;
  readAppearances(request: {
    readonly label: string | undefined;
    readonly cursor: string;
    readonly signal: AbortSignal;
  }): Promise<components["schemas"]["AppearanceList"]>;
}

/** The appearances of a channel, of one label or of all. A refresh also reads what else is known of the channel. */
export interface AppearanceList extends PagedList<ListedAppearance> {
  /** Reads the loaded appearances again, if they were read before a time: URLs expire. @param time epoch milliseconds */
  renewBefore(time: number): Promise<void>;
}

/** What is known of a channel. All lists of it share one state, so that a view needs one request for all. */
export interface ChannelData {
  /** Undefined until it has been read. */
  readonly channel: ReadonlySignal<Channel | undefined>;
  readonly labels: ReadonlySignal<Highlights["labels"] | undefined>;
  readonly celebrities: ReadonlySignal<Highlights["celebrities"] | undefined>;
  /** Counts the changes that a viewer waits for: times and counts that grow all the time are none. */
  readonly revision: ReadonlySignal<number>;
  /** Shows the channel as an operation has changed it. A request that began before does not undo it. */
  replaceChannel(changed: Channel): void;
  /** Returns the list of a label; undefined: of all. */
  findList(label: string | undefined): AppearanceList;
}

const toListed = (appearance: Appearance): ListedAppearance => ({
  ...appearance,
  createdAt: appearance.start,
});

/** Summarizes what a viewer waits for. */
const summarize = ({ channel, appearances, labels, celebrities }: Highlights): string =>
  JSON.stringify([
    [channel.status, channel.paused, channel.message, channel.current.map(({ id }) => id)],
    appearances.appearances.map(({ id, status, clip }) => [id, status, clip?.status]),
    labels.labels.map(({ name }) => name).sort(),
    celebrities.celebrities.map(({ id }) => id).sort(),
  ]);

/** Creates the data of a channel. @param getNow epoch milliseconds */
export const createChannelData = (source: ChannelSource, getNow: () => number = Date.now): ChannelData => {
  const channel = signal<Channel | undefined>(undefined);
  const labels = signal<Highlights["labels"] | undefined>(undefined);
  const celebrities = signal<Highlights["celebrities"] | undefined>(undefined);
  const revision = signal(0);
  let summary = "";
  /** Counts what operations have changed. */
  let generation = 0;
  /** ETag of what is shown: a response without a body means this, and not what another list has read. */
  let shownEtag: string | undefined;

  const readFirst = async (
    label: string | undefined,
    etag: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<Highlights | undefined> => {
    const generationBefore = generation;
    const known = etag === shownEtag ? etag : undefined;
    const response = await source.readHighlights({ label, etag: known, signal: abortSignal });
    const { document } = response;
    if (document === undefined || abortSignal.aborted) return undefined;
    const isCurrent = generation === generationBefore;
    const nextSummary = `${label} ${summarize(document)}`;
    batch(() => {
      if (isCurrent) channel.value = document.channel;
      labels.value = document.labels;
      celebrities.value = document.celebrities;
      if (nextSummary !== summary) revision.value += 1;
    });
    summary = nextSummary;
    shownEtag = isCurrent ? response.etag : undefined;
    return document;
  };

  const createList = (label: string | undefined): AppearanceList => {
    /** Epoch milliseconds of the oldest read of a loaded page. */
    let readAt = Number.POSITIVE_INFINITY;
    const list = createPagedList<ListedAppearance>(async ({ cursor, etag, signal: abortSignal }) => {
      if (cursor === undefined) {
        const document = await readFirst(label, etag, abortSignal);
        if (document === undefined) return undefined;
        readAt = Math.min(readAt, getNow());
        const { appearances, cursor: next } = document.appearances;
        return { items: appearances.map(toListed), cursor: next, etag: shownEtag };
      }
      const page = await source.readAppearances({ label, cursor, signal: abortSignal });
      return { items: page.appearances.map(toListed), cursor: page.cursor, etag: undefined };
    });
    return {
      ...list,
      async renewBefore(time) {
        if (readAt >= time) return;
        const { signal: abortSignal } = new AbortController();
        const startedAt = getNow();
        const missing = new Set(list.items.value.map(({ id }) => id));
        const document = await readFirst(label, undefined, abortSignal);
        let page = document?.appearances;
        while (page !== undefined) {
          for (const appearance of page.appearances) {
            missing.delete(appearance.id);
            list.update(appearance.id, () => toListed(appearance));
          }
          if (missing.size === 0 || page.cursor === null) break;
          page = await source.readAppearances({ label, cursor: page.cursor, signal: abortSignal });
        }
        readAt = startedAt;
      },
    };
  };

  const lists = new Map<string | undefined, AppearanceList>();
  return {
    channel,
    labels,
    celebrities,
    revision,
    replaceChannel(changed) {
      generation += 1;
      shownEtag = undefined;
      channel.value = changed;
    },
    findList(label) {
      const list = lists.get(label) ?? createList(label);
      lists.set(label, list);
      return list;
    },
  };
};
