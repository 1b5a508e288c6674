import type { ChangeCounts, Progress } from "./messages.ts";

/** A plan's counts in words. */
export const countsText = ({ add, change, remove, import: imported }: ChangeCounts): string =>
  [
    ...(imported === 0 ? [] : [`${imported} to import`]),
    `${add} to add`,
    `${change} to change`,
    `${remove} to destroy`,
  ].join(", ");

const past: Readonly<Record<string, string>> = {
  create: "made",
  update: "changed",
  delete: "destroyed",
  replace: "replaced",
  read: "read",
};

/**
 * What became of a resource, in a line; undefined for what is not worth one: refreshes, and the beginning of what is
 * done at once.
 */
export const progressText = ({ resource, action, step, elapsed }: Progress): string | undefined => {
  if (action === "refresh" || action === "read" || action === "noop" || step === "started") return undefined;
  // Terraform says so every ten seconds.
  if (step === "going on" && elapsed % 30 !== 0) return undefined;
  if (step === "going on") return `  ${resource}: still at it (${action}, ${elapsed} s)`;
  if (step === "failed") return `  ${resource}: failed (${action}, after ${elapsed} s)`;
  return `  ${resource}: ${past[action] ?? action} in ${elapsed} s`;
};
