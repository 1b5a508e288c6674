import { readdir } from "node:fs/promises";
import { findDamage } from "../../adapters/local/database-recovery.ts";
import { isDatabaseLocked } from "../../adapters/local/dynalite-store.ts";
import { type CheckResult, ok } from "../../pipeline/text/check-result.ts";
import { quoteShellArgument } from "../../pipeline/text/format.ts";
import type { DataFolder } from "../data-folder.ts";

/** Checks that every record of the embedded database can be read. Skips a database that a runtime uses. */
export const runDatabaseCheck = async ({ database, root }: DataFolder): Promise<CheckResult> => {
  const name = "database";
  const files: readonly string[] = await readdir(database).catch(() => []);
  if (files.length === 0) return ok(name, "does not exist yet; the first start creates it");
  if (await isDatabaseLocked(database)) return ok(name, "is in use by a running runtime");
  const damage = await findDamage(database);
  if (damage === undefined) return ok(name, "every record can be read");
  return {
    name,
    status: "failure",
    message: `${database} is damaged: ${damage}`,
    nextStep: `Run: npx reelway repair --data ${quoteShellArgument(root)}`,
  };
};
