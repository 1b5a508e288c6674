import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import * as z from "zod";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/services.ts";
import { keysOfScope, rotateKeys } from "../../pipeline/transcoder/keys.ts";
import { writeAtomically } from "./atomic-file.ts";

const key = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  scope: z.enum(["full", "read"]).default("full"),
});
const scopes = key.shape.scope.unwrap().options;
const file = key
  .extend({ others: z.array(key).default([]) })
  .transform(({ others, ...first }): readonly TranscoderKey[] => [first, ...others])
  .refine((keys) => scopes.every((scope) => keys.filter((one) => one.scope === scope).length <= keysOfScope))
  .refine((keys) => new Set(keys.map(({ accessKeyId }) => accessKeyId)).size === keys.length);

const generate = (scope: TranscoderKey["scope"]): TranscoderKey => ({
  accessKeyId: `RWLOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString("base64"),
  scope,
});

/** The newest key stands at the top, where programs read `accessKeyId` and `secretAccessKey`: a full one if there is. */
const write = (keys: readonly TranscoderKey[]): string => {
  const first = keys.find(({ scope }) => scope === "full") ?? keys[0];
  const others = keys.filter((one) => one !== first);
  return `${JSON.stringify({ ...first, ...(others.length === 0 ? {} : { others }) }, null, 2)}\n`;
};

/** Has no `cause`: a parser's own error quotes what it reads. */
const read = (path: string, text: string): readonly TranscoderKey[] => {
  try {
    return file.parse(JSON.parse(text));
  } catch {
    throw new StoreFailure(
      "invalid",
      `${path} does not hold {"accessKeyId":"…","secretAccessKey":"…"}, with at most one more key of each scope under "others". Remove it: the next start makes another.`,
    );
  }
};

/** The transcoder's keys in a file of mode 0600, made with one key of scope `full` when it is missing. */
export const createFileSecrets = async (path: string): Promise<Secrets> => {
  try {
    await writeFile(path, write([generate("full")]), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    await chmod(path, 0o600);
  }
  return {
    async transcoderKeys() {
      return read(path, await readFile(path, "utf8"));
    },
  };
};

/**
 * Puts a new key of the scope into the file of the keys; the newest of the others stays valid beside it. A service
 * that has the file open takes both from its next request on.
 *
 * @throws StoreFailure `invalid` where the file has another form
 */
export const rotateFileSecrets = async (
  path: string,
  scope: TranscoderKey["scope"],
): Promise<TranscoderKey> => {
  const fresh = generate(scope);
  await writeAtomically(path, write(rotateKeys(read(path, await readFile(path, "utf8")), fresh)), 0o600);
  return fresh;
};
