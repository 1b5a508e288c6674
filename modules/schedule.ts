import { Construct } from "constructs";
import { SchedulerSchedule } from "#aws/scheduler-schedule";
import type { BundledFunction } from "./function.ts";
import type { Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

export interface ScheduleProps {
  /** At most 55 characters; its role ends in `-schedule`. A change REPLACES both. */
  readonly name: string;
  /** EventBridge Scheduler's expression, e.g. `rate(1 minutes)`. */
  readonly expression: string;
  readonly lambdaFunction: BundledFunction;
  /** Where calls go that could not be made. */
  readonly deadLetterQueue: Queue;
}

/** Calls a function again and again. A call that cannot be made is followed by the next: it is tried for a minute. */
export class Schedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, expression, lambdaFunction, deadLetterQueue }: ScheduleProps,
  ) {
    super(scope, id);
    const { keyArn } = StageStack.of(this);
    const role = new ServiceRole(this, "role", {
      name: `${name}-schedule`,
      service: "scheduler.amazonaws.com",
    });
    lambdaFunction.grantInvoke(role);
    deadLetterQueue.grantSend(role);
    role.addPermission({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn] });
    new SchedulerSchedule(this, "schedule", {
      name,
      scheduleExpression: expression,
      flexibleTimeWindow: { mode: "OFF" },
      kmsKeyArn: keyArn,
      target: {
        arn: lambdaFunction.arn,
        roleArn: role.arn,
        input: JSON.stringify({ schedule: name }),
        deadLetterConfig: { arn: deadLetterQueue.arn },
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 3 },
      },
    });
  }
}
