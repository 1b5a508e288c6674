import type { ChangeCounts, ResourceProgress } from "./messages.ts";

/** Renders the counts of a plan, e.g. `1 to add, 0 to change, 0 to destroy`. */
export const renderCounts = ({ add, change, remove, import: imported }: ChangeCounts): string =>
  [
    ...(imported === 0 ? [] : [`${imported} to import`]),
    `${add} to add`,
    `${change} to change`,
    `${remove} to destroy`,
  ].join(", ");

const pastTense: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "destroyed",
  replace: "replaced",
  read: "read",
};

/**
 * Renders the progress of a resource in one line; undefined for refreshes, reads and
 * starts.
 */
export const renderProgress = ({
  address,
  action,
  step,
  elapsedSeconds,
}: ResourceProgress): string | undefined => {
  if (action === "refresh" || action === "read" || action === "noop" || step === "started") return undefined;
  // Terraform reports this every ten seconds.
  if (step === "in progress" && elapsedSeconds % 30 !== 0) return undefined;
  if (step === "in progress") return `  ${address}: in progress (${action}, ${elapsedSeconds} s)`;
  if (step === "failed") return `  ${address}: failed (${action}, after ${elapsedSeconds} s)`;
  return `  ${address}: ${pastTense[action] ?? action} in ${elapsedSeconds} s`;
};
