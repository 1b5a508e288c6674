import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type { ObjectStore } from "../../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../../pipeline/ports/store-failure.ts";

/**
 * Creates an object store in memory, for many watchers: the one of a machine waits for its disk with each object, so that
 * the object survives a power failure.
 */
export const createMemoryArchive = (): Pick<ObjectStore, "head" | "read" | "write"> => {
  const contents = new Map<string, { readonly bytes: Buffer; readonly contentType: string }>();
  const find = (bucket: string, key: string) => {
    const content = contents.get(`${bucket}/${key}`);
    return content === undefined
      ? undefined
      : {
          ...content,
          head: {
            bucket,
            key,
            etag: createHash("md5").update(content.bytes).digest("hex"),
            bytes: content.bytes.length,
            modifiedAt: new Date(0).toISOString(),
            contentType: content.contentType,
            metadata: {},
          },
        };
  };
  return {
    head: async ({ bucket, key }) => find(bucket, key)?.head,
    async read({ bucket, key }, range) {
      const found = find(bucket, key);
      if (found === undefined) throw new StoreFailure("missing", `${key} does not exist.`);
      const { start = 0, end = found.bytes.length - 1 } = range ?? {};
      return Readable.from([found.bytes.subarray(start, end + 1)]);
    },
    async write({ bucket, key }, body, { contentType, condition }) {
      const bytes = "file" in body ? await readFile(body.file) : Buffer.from(body.text);
      if (condition !== undefined && "absent" in condition && contents.has(`${bucket}/${key}`))
        throw new StoreFailure("precondition", `${key} exists.`);
      contents.set(`${bucket}/${key}`, { bytes, contentType });
      const head = find(bucket, key)?.head;
      if (head === undefined) throw new Error("The object is not stored.");
      return head;
    },
  };
};
