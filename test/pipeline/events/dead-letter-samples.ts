import type { DeadLetter } from "../../../pipeline/events/dead-letters.ts";

/** An upload as EventBridge describes it (S3 user guide, "EventBridge event message structure"). */
export const uploadEvent = {
  version: "0",
  id: "2d4eba74-fd51-3966-4bfa-b013c9da8ff1",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "123456789012",
  time: "2026-11-30T08:00:00Z",
  region: "us-east-1",
  resources: ["arn:aws:s3:::reelway-dev-input"],
  detail: {
    version: "0",
    bucket: { name: "reelway-dev-input" },
    object: {
      key: "thumbnails/film.mkv",
      size: 5,
      etag: "b1946ac92492d2347c6235b4d2611184",
      "version-id": "v1",
      sequencer: "00617F08299329D189",
    },
    reason: "PutObject",
  },
};

/** A stopped task (Amazon ECS developer guide, "Task state change events"), shortened. */
export const stoppedTask = {
  version: "0",
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  detail: { taskArn: "arn:aws:ecs:us-east-1:123456789012:task/reelway-dev-workers/1", lastStatus: "STOPPED" },
};

/** The attributes that a rule adds to an event that it could not deliver (EventBridge user guide). */
export const directFailure = {
  RULE_ARN: "arn:aws:events:us-east-1:123456789012:rule/reelway-dev-route-thumbnails",
  TARGET_ARN: "arn:aws:ecs:us-east-1:123456789012:cluster/reelway-dev-workers",
  ERROR_CODE: "NO_PERMISSIONS",
  ERROR_MESSAGE: "User is not authorized to perform ecs:RunTask",
  EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
  RETRY_ATTEMPTS: "185",
};

/** The attributes that EventBridge Scheduler adds to an invocation that failed (Scheduler user guide). */
export const schedulerFailure = {
  SCHEDULE_ARN: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/reelway-dev-reconciler",
  TARGET_ARN: "arn:aws:lambda:us-east-1:123456789012:function:reelway-dev-reconciler",
  ERROR_CODE: "AWS.Lambda.TooManyRequestsException",
  ERROR_MESSAGE: "Rate Exceeded.",
  EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
  RETRY_ATTEMPTS: "3",
};

/** Builds a message. @param content an event, or the text of the body */
export const buildDeadLetter = (
  content: unknown,
  attributes: Readonly<Record<string, string>> = {},
  fields: Partial<DeadLetter> = {},
): DeadLetter => ({
  id: "1",
  body: typeof content === "string" ? content : JSON.stringify(content),
  attributes,
  sentAt: "2026-11-30T08:00:00.000Z",
  ...fields,
});
