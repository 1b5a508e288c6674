/** How to repeat a job after the cause of its temporary error is repaired. */
export const retryAdvice = "then retry the job: npx reelway retry ID, on AWS with --stage STAGE.";

/** How to repeat a job after the cause of its permanent error is repaired. */
export const forceRetryAdvice =
  "then retry the job: npx reelway retry ID --force, on AWS with --stage STAGE.";
