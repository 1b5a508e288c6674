import { mkdir, rm } from "node:fs/promises";
import { claimUpload } from "../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { sweepWindowSeconds } from "../pipeline/jobs/sweep-window.ts";

/** Empties a folder of what a killed runtime left. */
export const clearFolder = async (path: string): Promise<void> => {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
};

/**
 * Claims uploads whose event was in the memory of a runtime that was killed. They are younger than what the
 * sweep looks at; a job that is there already is left as it is.
 */
export const claimRecentUploads = async (ports: JobPorts): Promise<void> => {
  const from = ports.clock.now().getTime() - sweepWindowSeconds.min * 1000;
  for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
    if (Date.parse(version.modifiedAt) < from) continue;
    const { key, bytes, etag, modifiedAt, versionId } = version;
    const source = {
      bucket: ports.inputBucket,
      key,
      bytes,
      etag: etag.replaceAll('"', ""),
      modifiedAt,
      ...(versionId === undefined ? {} : { versionId }),
    };
    await claimUpload(ports, source, { triggers: "all" }).catch((cause: unknown) =>
      ports.log.warn("An upload could not be claimed; the sweep tries again", {
        key,
        error: cause,
      }),
    );
  }
};
