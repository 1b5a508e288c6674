import type { StageStack } from "./stack.ts";

/** Builds the pattern for new objects of a bucket (S3 user guide, EventBridge event message structure). */
export const matchCreatedObjects = (bucket: string, prefixes: readonly string[] = []): unknown => ({
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: {
    bucket: { name: [bucket] },
    ...(prefixes.length === 0 || prefixes.includes("")
      ? {}
      : { object: { key: prefixes.map((prefix) => ({ prefix })) } }),
  },
});

/** Builds the pattern for stopped tasks of the stage's cluster (Amazon ECS developer guide, Task state change events). */
export const matchStoppedTasks = ({ arns, names }: Pick<StageStack, "arns" | "names">): unknown => ({
  source: ["aws.ecs"],
  "detail-type": ["ECS Task State Change"],
  detail: { clusterArn: [arns.of("ecs", `cluster/${names.cluster}`)], lastStatus: ["STOPPED"] },
});
