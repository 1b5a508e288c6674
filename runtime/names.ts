/** Buckets of the stage `local`. */
export const localBuckets = { input: "input", output: "output" } as const;

/** A topic of one machine by its name. */
export const toTopicArn = (name: string): string => `arn:aws:sns:us-east-1:000000000000:${name}`;

/** Topics of the one-machine notifier. */
export const topicArns = {
  /** One message a finished job. */
  jobs: toTopicArn("reelway-local-jobs"),
  /** What the transcoder service tells of its jobs; job-events subscribes. */
  transcoder: toTopicArn("reelway-local-transcoder"),
} as const;

/** Pipeline of the transcoder service that Reelway's own jobs go to. */
export const pipelineId = "1111111111111-reelwy";

/** Owner of the pipeline, in the transcoder's words: an IAM role. Nobody assumes it on one machine. */
export const pipelineRole = "arn:aws:iam::000000000000:role/reelway-local";
