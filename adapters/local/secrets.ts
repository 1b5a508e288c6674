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

/**
 * The newest key is at the top level, where programs read `accessKeyId` and `secretAccessKey`; a full one is preferred.
 */
const formatKeys = (keys: readonly TranscoderKey[]): string => {
  const first = keys.find(({ scope }) => scope === "full") ?? keys[0];
  const others = keys.filter((key) => key !== first);
  return `${JSON.stringify({ ...first, ...(others.length === 0 ? {} : { others }) }, null, 2)}\n`;
};

const expectedFormat =
  '{"accessKeyId":"…","secretAccessKey":"…"}, with at most one more key of each scope under "others"';

/** Reads the keys. Its errors have no `cause`, because a parser's error quotes the content. @throws StoreFailure */
const readKeys = async (path: string): Promise<readonly TranscoderKey[]> => {
  const file = await readSecretsFile(path);
  if (file.kind === "valid") return file.value;
  if (file.kind === "missing")
    throw new StoreFailure(
      "missing",
      `The transcoder key file ${path} does not exist. Restore it, or restart the runtime to create a new key and update your applications.`,
    );
  throw new StoreFailure(
    "invalid",
    `${path} ${file.reason}; expected ${expectedFormat}. Restore it from a copy, or delete it and restart the runtime to create a new key and update your applications.`,
  );
};

/** Reads and validates the key file. The reason for an invalid file never quotes its content. */
export const readSecretsFile = (path: string) => readJsonFile(path, secretsFileSchema);

/**
 * Reads the transcoder keys from a file with mode 0600. A missing or empty file is created with one key of scope
 * `full`. A file that is not valid for another reason is unchanged, because its keys may be in use.
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
 * Adds a new key of a scope to the key file. The newest previous key of the scope stays valid. A running service
 * accepts both from its next request on.
 *
 * @throws StoreFailure `invalid` if the file is not valid, `missing` if it does not exist
 */
export const rotateFileSecrets = async (
  path: string,
  scope: TranscoderKey["scope"],
): Promise<TranscoderKey> => {
  const newKey = generateKey(scope);
  await writeAtomically(path, formatKeys(rotateKeys(await readKeys(path), newKey)), { mode: 0o600 });
  return newKey;
};
