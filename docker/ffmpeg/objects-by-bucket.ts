import type { ObjectStore } from "../../pipeline/ports/object-store.ts";

/** Objects of several buckets, each reached by a store of its own, e.g. by other credentials. */
export const createObjectStoreByBucket = (getStore: (bucket: string) => ObjectStore): ObjectStore => ({
  head: (reference) => getStore(reference.bucket).head(reference),
  read: (reference, range, signal) => getStore(reference.bucket).read(reference, range, signal),
  write: (reference, body, options) => getStore(reference.bucket).write(reference, body, options),
  remove: (reference, condition) => getStore(reference.bucket).remove(reference, condition),
  list: (bucket, prefix) => getStore(bucket).list(bucket, prefix),
  listVersions: (bucket, prefix) => getStore(bucket).listVersions(bucket, prefix),
});
