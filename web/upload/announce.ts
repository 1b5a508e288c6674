import { signal } from "@preact/signals";

/** What the live region says: results that the user may wait for, not progress. */
export const announcement = signal({ count: 0, text: "" });

/** Lets screen readers say a text, also the one that they have said last. */
export const announce = (text: string): void => {
  announcement.value = { count: announcement.value.count + 1, text };
};
