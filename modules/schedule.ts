import { Construct } from "constructs";
import { LambdaFunctionEventInvokeConfig } from "#aws/lambda-function-event-invoke-config";
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

/** Lambda's minimum. The next run does the work of one that could not start in this time. */
const maximumEventAgeInSeconds = 60;

/**
 * Invokes a function periodically. An invocation that fails to reach the function is retried for one minute. A run that
 * failed, or could not start within a minute, is not repeated: the next one does its work.
 */
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
    new LambdaFunctionEventInvokeConfig(this, "invocations", {
      functionName: lambdaFunction.name,
      maximumEventAgeInSeconds,
      maximumRetryAttempts: 0,
    });
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
        retryPolicy: { maximumEventAgeInSeconds, maximumRetryAttempts: 3 },
      },
    });
  }
}
