import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateWebhookSecret, parseWebhookSecrets } from "../../pipeline/webhooks/signature.ts";
import { createAtomically } from "./atomic-file.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** The secrets of one machine's webhooks: a file each, with the name of the webhook. */
export interface FileWebhookSecrets {
  /** Reads the one or two values that sign; creates the file with a random value if it is missing. */
  read(webhook: { readonly name: string }): Promise<readonly string[]>;
}

/** Creates the reader of secrets in files that only this user can read. */
export const createFileWebhookSecrets = (directory: string): FileWebhookSecrets => ({
  async read({ name }) {
    const path = join(directory, name);
    const readText = () => readFile(path, "utf8");
    const text = await readText().catch(async (cause: unknown) => {
      if (getSystemErrorCode(cause) !== "ENOENT") throw cause;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await createAtomically(path, `${generateWebhookSecret()}\n`, { mode: 0o600 });
      return readText();
    });
    // The user may have written the file with the mode of other files.
    await chmod(path, 0o600);
    return parseWebhookSecrets(text, `file ${path}`);
  },
});
