import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileAccountStore } from "../../adapters/local/account-store.ts";
import { describeAccountStoreContract } from "./account-store.ts";

describe("the accounts of one machine", () => {
  describeAccountStoreContract("embedded", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reelway-accounts-"));
    return {
      open: () => createFileAccountStore(folder),
      async put(text) {
        for (const name of await readdir(folder)) await writeFile(join(folder, name), text);
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  });
});
