import { mkdir, rm } from "node:fs/promises";
import { claimUpload } from "../pipeline/jobs/claim-upload.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { sweepWindowSeconds } from "../pipeline/jobs/sweep-window.ts";
import { toJobSource } from "../pipeline/jobs/upload-source.ts";

/** Empties a folder. */
export const clearFolder = async (path: string): Promise<void> => {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
};

/**
 * Claims recent uploads whose event was lost in the memory of a killed runtime. They are too young for the sweep. Existing
 * jobs stay unchanged.
 */
export const claimRecentUploads = async (ports: JobPorts): Promise<void> => {
  const from = ports.clock.now().getTime() - sweepWindowSeconds.min * 1000;
  for await (const version of ports.objects.listVersions(ports.inputBucket, "")) {
    if (Date.parse(version.modifiedAt) < from) continue;
    const source = toJobSource(ports.inputBucket, version);
    await claimUpload(ports, source, { triggers: "all" }).catch((cause: unknown) =>
      ports.log.warn("Could not claim an upload; the sweep retries", {
        key: version.key,
        error: cause,
      }),
    );
  }
};
