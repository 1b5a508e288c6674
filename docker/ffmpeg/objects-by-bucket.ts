import type { ObjectStore } from "../../pipeline/ports/object-store.ts";

/** Objects of several buckets, each reached by a store of its own, e.g. by other credentials. */
export const objectsByBucket = (storeOf: (bucket: string) => ObjectStore): ObjectStore => ({
  head: (reference) => storeOf(reference.bucket).head(reference),
  read: (reference, range, signal) => storeOf(reference.bucket).read(reference, range, signal),
  write: (reference, body, options) => storeOf(reference.bucket).write(reference, body, options),
  remove: (reference, condition) => storeOf(reference.bucket).remove(reference, condition),
  list: (bucket, prefix) => storeOf(bucket).list(bucket, prefix),
  listVersions: (bucket, prefix) => storeOf(bucket).listVersions(bucket, prefix),
});
