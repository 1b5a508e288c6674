/** What a list shows, identified by its id, newest first. */
export interface ListItem {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The first page of a list. `cursor` is null if it is the only page. */
interface FirstPage<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Compares as the API orders. */
const compareNewestFirst = (a: ListItem, b: ListItem): number => {
  const [first, second] = a.createdAt === b.createdAt ? [a.id, b.id] : [a.createdAt, b.createdAt];
  return first === second ? 0 : first < second ? 1 : -1;
};

/** Adds items to a list at their place, newest first. Items that the list has are not added. */
export const insertItems = <Item extends ListItem>(
  items: readonly Item[],
  newItems: readonly Item[],
): readonly Item[] => {
  const ids = new Set(items.map(({ id }) => id));
  const others = newItems.filter(({ id }) => !ids.has(id));
  if (others.length === 0) return items;
  return [...others, ...items].sort(compareNewestFirst);
};

/**
 * Whether a list may have items between its first pages, as they are now, and the items that are loaded. Without
 * items in the pages, it has no new ones.
 */
export const hasGap = (
  items: readonly ListItem[],
  { items: pageItems, cursor }: FirstPage<ListItem>,
): boolean => {
  const [newest, oldestInPage] = [items[0], pageItems.at(-1)];
  if (cursor === null || oldestInPage === undefined) return false;
  return newest === undefined || compareNewestFirst(oldestInPage, newest) < 0;
};

/**
 * Compares a loaded list with its first page as it is now.
 *
 * @returns the loaded items with their changes, without those that are gone, and the items that are new. An unchanged
 * item is the same object.
 */
export const mergeFirstPage = <Item extends ListItem>(
  items: readonly Item[],
  page: FirstPage<Item>,
): { readonly currentItems: readonly Item[]; readonly newItems: readonly Item[] } => {
  const itemsInPage = new Map(page.items.map((item) => [item.id, item]));
  const oldest = page.items.at(-1);
  const isInPage = ({ createdAt }: Item): boolean =>
    page.cursor === null || (oldest !== undefined && createdAt > oldest.createdAt);
  const currentItems = items.flatMap((item) => {
    const now = itemsInPage.get(item.id);
    itemsInPage.delete(item.id);
    if (now === undefined) return isInPage(item) ? [] : [item];
    return [isEqual(now, item) ? item : now];
  });
  return { currentItems, newItems: [...itemsInPage.values()] };
};
