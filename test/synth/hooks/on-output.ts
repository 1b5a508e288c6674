import type { OnOutput } from "reelway/handlers";

export const onOutput: OnOutput = async ({ bucket, key, versionId }) => {
  process.stdout.write(`${JSON.stringify({ thumbnail: { bucket, key, versionId } })}\n`);
};
