/** Reads an item that outlives the page; undefined if it does not exist, or if the browser allows no storage. */
export const readItem = (name: string): string | undefined => {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
};

/** Stores an item, if the browser allows it and has room. */
export const writeItem = (name: string, value: string): void => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage, the state lives as long as the page.
  }
};
