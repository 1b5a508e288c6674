/** Ids of what is selected. */
export type Selection = ReadonlySet<string>;

/** Selects or deselects one item. */
export const toggle = (selection: Selection, id: string): Selection => {
  const changed = new Set(selection);
  if (!changed.delete(id)) changed.add(id);
  return changed;
};

/**
 * Selects an item and all between it and another, as Shift with a click does. If the other is not in the list, only the
 * item is selected.
 *
 * @param ids of the list, in its order
 * @param anchor id of the other end
 */
export const selectTo = (
  selection: Selection,
  ids: readonly string[],
  anchor: string | undefined,
  id: string,
): Selection => {
  const target = ids.indexOf(id);
  const start = anchor === undefined ? -1 : ids.indexOf(anchor);
  const range =
    start < 0 || target < 0 ? [id] : ids.slice(Math.min(start, target), Math.max(start, target) + 1);
  return new Set([...selection, ...range]);
};

/** Removes the ids that a list no longer has. Returns the same selection if it has all. */
export const keepListed = (selection: Selection, ids: Iterable<string>): Selection => {
  if (selection.size === 0) return selection;
  const listedIds = new Set(ids);
  const keptIds = [...selection].filter((id) => listedIds.has(id));
  return keptIds.length === selection.size ? selection : new Set(keptIds);
};
