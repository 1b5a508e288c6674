import type { OnJobFinished } from "reelway/handlers";

export const onJobFinished: OnJobFinished = async ({ id, attempt, status }) => {
  process.stdout.write(`${JSON.stringify({ finished: { id, attempt, status } })}\n`);
};
