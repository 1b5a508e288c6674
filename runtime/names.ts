/** Bucket names of the one-machine runtime. */
export const localBuckets = { input: "input", output: "output" } as const;

/** Builds the ARN of a topic of the one-machine runtime. */
export const toTopicArn = (name: string): string => `arn:aws:sns:us-east-1:000000000000:${name}`;

/** Topics of the one-machine runtime. */
export const topicArns = {
  /** One message per finished job. */
  jobs: toTopicArn("reelway-local-jobs"),
  /** Notifications of the transcoder service; job-events subscribes. */
  transcoder: toTopicArn("reelway-local-transcoder"),
} as const;

/** Id of the transcoder pipeline that runs Reelway's own jobs. */
export const pipelineId = "1111111111111-reelwy";

/** The pipeline's IAM role; a required field that one machine does not use. */
export const pipelineRole = "arn:aws:iam::000000000000:role/reelway-local";
