import type { ListedJob } from "../../../pipeline/api/job-document.ts";

const at = "2026-11-21T07:00:00Z";

/** A complete job without outputs. */
export const listedJob = (id: string): ListedJob => ({
  job: {
    id,
    route: null,
    engine: null,
    recipe: null,
    status: "Complete",
    attempt: 1,
    maxAttempts: 3,
    source: { bucket: "input", key: `${id}.mp4`, bytes: 1, versionId: "1" },
    specification: null,
    progress: { percent: 100, phase: "complete" },
    outputs: [],
    error: null,
    createdAt: at,
    updatedAt: at,
    history: [],
  },
  paths: {},
});
