import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import type { DropFolder } from "./drop-folder.ts";
import { localBuckets } from "./names.ts";
import type { OutputTree } from "./output-tree.ts";

/**
 * Wraps an object store so that versions that are deleted permanently also leave the output folder and the input folder.
 * The files go first, so that an interrupted deletion can be repeated.
 *
 * @param getDropFolder resolves when the input folder is watched
 */
export const createRemovingObjectStore = (
  objects: LocalObjectStore,
  outputs: OutputTree,
  getDropFolder: () => Promise<Pick<DropFolder, "removeImported">>,
): LocalObjectStore => ({
  ...objects,
  async removeVersions(bucket, versions) {
    for (const { key, versionId } of versions) {
      const head = await objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
      if (head === undefined) continue;
      if (bucket === localBuckets.input)
        await (await getDropFolder()).removeImported(key, new Set([head.etag]));
      const isCurrent = (await objects.head({ bucket, key }))?.versionId === head.versionId;
      if (bucket === localBuckets.output && isCurrent) await outputs.unlink(bucket, key);
    }
    await objects.removeVersions(bucket, versions);
  },
});
