/** What the address of the view selects. */
export interface Selection {
  readonly channel?: string;
  /** Only appearances of this label. */
  readonly label?: string;
  /** Id of the clip's job that is played. */
  readonly clip?: string;
}

const names = ["channel", "label", "clip"] as const;

/** Reads the selection of an address. @param query its parameters */
export const readSelection = (query: Readonly<Record<string, string | undefined>>): Selection =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name]?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );

/** Builds the address of a selection. */
export const toAddress = (selection: Selection): string => {
  const search = new URLSearchParams(
    names.flatMap((name): [string, string][] => {
      const value = selection[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ).toString();
  return search === "" ? "/highlights" : `/highlights?${search}`;
};
