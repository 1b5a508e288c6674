import { signal } from "@preact/signals";

/** What the live region says: results that the user may wait for, not progress. */
export const announcement = signal("");

/** Lets screen readers say a text. */
export const announce = (text: string): void => {
  announcement.value = text;
};
