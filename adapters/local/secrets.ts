import { randomBytes } from "node:crypto";
import { chmod } from "node:fs/promises";
import * as z from "zod";
import { maxKeysPerScope, rotateKeys } from "../../pipeline/elastic-transcoder/api/keys.ts";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/secrets.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { createAtomically, writeAtomically } from "./atomic-file.ts";
import { readJsonFile } from "./json-file.ts";

const keySchema = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  scope: z.enum(["full", "read"]).default("full"),
});
const scopes = keySchema.shape.scope.unwrap().options;
const secretsFileSchema = keySchema
  .extend({ others: z.array(keySchema).default([]) })
  .transform(({ others, ...first }): readonly TranscoderKey[] => [first, ...others])
  .refine((keys) =>
    scopes.every((scope) => keys.filter((one) => one.scope === scope).length <= maxKeysPerScope),
  )
  .refine((keys) => new Set(keys.map(({ accessKeyId }) => accessKeyId)).size === keys.length);

const generateKey = (scope: TranscoderKey["scope"]): TranscoderKey => ({
  accessKeyId: `RWLOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString("base64"),
  scope,
});

/** The newest key stands at the top, where programs read `accessKeyId` and `secretAccessKey`: a full one if there is. */
const formatKeys = (keys: readonly TranscoderKey[]): string => {
  const first = keys.find(({ scope }) => scope === "full") ?? keys[0];
  const others = keys.filter((key) => key !== first);
  return `${JSON.stringify({ ...first, ...(others.length === 0 ? {} : { others }) }, null, 2)}\n`;
};

const expectedFormat =
  '{"accessKeyId":"…","secretAccessKey":"…"}, with at most one more key of each scope under "others"';

/** Reads the file. Has no `cause`: a parser's own error quotes what it reads. @throws StoreFailure */
const readKeys = async (path: string): Promise<readonly TranscoderKey[]> => {
  const file = await readSecretsFile(path);
  if (file.kind === "valid") return file.value;
  if (file.kind === "missing")
    throw new StoreFailure(
      "missing",
      `The transcoder's keys ${path} are missing. Put the file back, or restart the runtime: it creates a new key, which applications then need.`,
    );
  throw new StoreFailure(
    "invalid",
    `${path} ${file.reason}; it must hold ${expectedFormat}. Put the file back from a copy, or remove it and restart the runtime: it creates a new key, which applications then need.`,
  );
};

/** Reads the file of the keys and checks its form; the reason of a broken one tells nothing of what it holds. */
export const readSecretsFile = (path: string) => readJsonFile(path, secretsFileSchema);

/**
 * The transcoder's keys in a file of mode 0600, created with one key of scope `full` where it is missing or empty.
 * An empty file is replaced because it never gave a key to anybody; one that is broken otherwise is left as it is,
 * for its keys may be in use.
 */
export const createFileSecrets = async (path: string): Promise<Secrets> => {
  const mode = 0o600;
  if ((await readSecretsFile(path)).kind === "empty")
    await writeAtomically(path, formatKeys([generateKey("full")]), { mode });
  else if (!(await createAtomically(path, formatKeys([generateKey("full")]), { mode })))
    await chmod(path, mode);
  return { readTranscoderKeys: () => readKeys(path) };
};

/**
 * Puts a new key of the scope into the file of the keys; the newest of the others stays valid beside it. A service
 * that has the file open takes both from its next request on.
 *
 * @throws StoreFailure `invalid` where the file has another form, `missing` where it is not there
 */
export const rotateFileSecrets = async (
  path: string,
  scope: TranscoderKey["scope"],
): Promise<TranscoderKey> => {
  const newKey = generateKey(scope);
  await writeAtomically(path, formatKeys(rotateKeys(await readKeys(path), newKey)), { mode: 0o600 });
  return newKey;
};
