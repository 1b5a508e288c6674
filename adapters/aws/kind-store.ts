import type {
  TranscoderPage,
  TranscoderPageRequest,
} from "../../pipeline/elastic-transcoder/jobs/transcoder-store.ts";
import { eachItem, type Item, type Items } from "./items.ts";
import { pageStart, takePage } from "./pages.ts";
import { type Kind, kindItem, kindItemId } from "./transcoder-item.ts";

/** Keeps one kind of thing beside the jobs: pipelines, presets. */
export const createKindStore = <Entry extends { readonly Id: string }>(items: Items, kind: Kind<Entry>) => {
  const entriesOf = (found: readonly Item[]): readonly Entry[] =>
    found.map(kind.of).filter((entry) => entry !== undefined);
  const query = { index: "status-created", attribute: "statusShard", value: kind.name };

  /** Every change raises the revision, so that of two at once the later sees the earlier. */
  const update = async (id: string, change: (entry: Entry) => Entry): Promise<Entry | undefined> => {
    for (;;) {
      const item = await items.get(kindItemId(kind, id));
      const entry = kind.of(item);
      if (entry === undefined) return undefined;
      const revision = Number(item?.revision);
      const changed = change(entry);
      const written = await items.change(kindItemId(kind, id), {
        set: { [kind.name]: changed, revision: revision + 1 },
        condition: "revision = :revision",
        values: { ":revision": revision },
      });
      if (written !== undefined) return changed;
    }
  };

  return {
    create: (entry: Entry): Promise<boolean> => items.putNew(kindItem(kind, entry)),
    read: async (id: string): Promise<Entry | undefined> => kind.of(await items.get(kindItemId(kind, id))),
    update,
    remove: (id: string): Promise<boolean> => items.remove(kindItemId(kind, id)),
    async list({ ascending, limit, cursor }: TranscoderPageRequest): Promise<TranscoderPage<Entry>> {
      const beyond = pageStart(cursor);
      const page = await takePage(eachItem(items, { ...query, ascending, beyond, limit: limit + 1 }), limit);
      return { entries: entriesOf(page.items), cursor: page.cursor };
    },
    async *all(): AsyncGenerator<Entry> {
      for await (const item of eachItem(items, { ...query, ascending: true })) yield* entriesOf([item]);
    },
  };
};
