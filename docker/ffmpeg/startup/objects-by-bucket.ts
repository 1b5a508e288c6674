import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";

/** Creates an object store that uses another store for each bucket, e.g. with other credentials. */
export const createObjectStoreByBucket = (getStore: (bucket: string) => ObjectStore): ObjectStore => ({
  head: (reference) => getStore(reference.bucket).head(reference),
  read: (reference, range, signal) => getStore(reference.bucket).read(reference, range, signal),
  write: (reference, body, options) => getStore(reference.bucket).write(reference, body, options),
  remove: (reference, condition) => getStore(reference.bucket).remove(reference, condition),
  removeVersions: (bucket, versions) => getStore(bucket).removeVersions(bucket, versions),
  list: (bucket, prefix) => getStore(bucket).list(bucket, prefix),
  listVersions: (bucket, prefix) => getStore(bucket).listVersions(bucket, prefix),
  listVersionPages: (bucket, prefix, after) => getStore(bucket).listVersionPages(bucket, prefix, after),
});
