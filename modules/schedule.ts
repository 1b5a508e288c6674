import { Construct } from "constructs";
import { SchedulerSchedule } from "#aws/scheduler-schedule";
import type { ServiceFunction } from "./function.ts";
import type { Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `Schedule`. */
export interface ScheduleProps {
  /** At most 55 characters; its role appends `-schedule`. A change REPLACES both. */
  readonly name: string;
  /** EventBridge Scheduler expression, e.g. `rate(1 minutes)`. */
  readonly expression: string;
  /** Time zone of a cron expression. @default UTC */
  readonly timeZone?: string;
  readonly lambdaFunction: ServiceFunction;
  /** Dead-letter queue for failed invocations. */
  readonly deadLetterQueue: Queue;
}

/** Invokes a function periodically. A failed invocation is retried for one minute, until the next one. */
export class Schedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name, expression, timeZone, lambdaFunction, deadLetterQueue }: ScheduleProps,
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
      ...(timeZone === undefined ? {} : { scheduleExpressionTimezone: timeZone }),
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
