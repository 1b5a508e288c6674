import { toItem } from "../adapters/aws/job-item.ts";
import { localTableNames, openDatabase } from "../adapters/local/database.ts";
import type { Job } from "../pipeline/jobs/job.ts";
import { computeJobId } from "../pipeline/jobs/job-id.ts";
import { resolveDataFolder } from "../runtime/data-folder.ts";
import { writeItems } from "./write-items.ts";

/** Videos of one upload each, a minute apart, oldest first, until now. All jobs have ended: one in ten as Error. */
const makeVideos = (count: number): readonly Job[] =>
  Array.from({ length: count }, (_, index) => {
    const source = { bucket: "input", key: `lessons/lesson ${index}.mov`, versionId: "1", bytes: 1e9 };
    const createdAt = new Date(Date.now() - (count - index) * 60_000).toISOString();
    const isFailed = index % 10 === 0;
    const output = { bytes: 5e8, durationSeconds: 600, width: 1280, height: 720, videoCodec: "h264" };
    const error = {
      code: 4000,
      name: "UnsupportedFormat",
      message: "The file has no video.",
      retryable: false,
    };
    return {
      id: computeJobId(source, "web"),
      route: "web",
      engine: "ffmpeg",
      recipe: "transcode",
      status: isFailed ? "Error" : "Complete",
      attempt: 1,
      maxAttempts: 3,
      source,
      specification: null,
      progress: { percent: 100, phase: "complete" },
      outputs: isFailed ? [] : [{ key: `output/web/lessons/lesson ${index}.mp4`, ...output }],
      error: isFailed ? error : null,
      createdAt,
      updatedAt: createdAt,
      finishedAt: createdAt,
      notifiedAt: createdAt,
      history: [{ at: createdAt, status: "Submitted", attempt: 1, detail: "claimed" }],
    };
  });

/** Writes the jobs of videos to the table of a data folder. No runtime may work in it. */
export const seedVideos = async (data: string, count: number): Promise<void> => {
  const database = await openDatabase({ directory: resolveDataFolder(data).database });
  try {
    const items = makeVideos(count).map((job) => ({ ...toItem(job), unnotified: undefined }));
    await writeItems(database.client, localTableNames.jobs, items);
  } finally {
    await database.close();
  }
};
