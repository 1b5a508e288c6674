import type { ChangeCounts, ResourceProgress } from "./messages.ts";

/** A plan's counts in words. */
export const renderCounts = ({ add, change, remove, import: imported }: ChangeCounts): string =>
  [
    ...(imported === 0 ? [] : [`${imported} to import`]),
    `${add} to add`,
    `${change} to change`,
    `${remove} to destroy`,
  ].join(", ");

const pastTense: Readonly<Record<string, string>> = {
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
export const renderProgress = ({
  address,
  action,
  step,
  elapsedSeconds,
}: ResourceProgress): string | undefined => {
  if (action === "refresh" || action === "read" || action === "noop" || step === "started") return undefined;
  // Terraform says so every ten seconds.
  if (step === "in progress" && elapsedSeconds % 30 !== 0) return undefined;
  if (step === "in progress") return `  ${address}: still at it (${action}, ${elapsedSeconds} s)`;
  if (step === "failed") return `  ${address}: failed (${action}, after ${elapsedSeconds} s)`;
  return `  ${address}: ${pastTense[action] ?? action} in ${elapsedSeconds} s`;
};
