import { Construct } from "constructs";
import { CloudwatchLogGroup } from "#aws/cloudwatch-log-group";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `LogGroup`. */
export interface LogGroupProps {
  /** Name of the log group. A change REPLACES it, and its logs are lost. */
  readonly name: string;
}

/** An encrypted log group with the stage's retention. */
export class LogGroup extends Construct {
  /** ARN of the log group. */
  readonly arn: string;
  /** Name of the log group; resolved after it is created. */
  readonly name: string;
  #streamsArn: string;

  constructor(scope: Construct, id: string, { name }: LogGroupProps) {
    super(scope, id);
    const { arns, deployment, keyArn } = StageStack.of(this);
    const group = new CloudwatchLogGroup(this, "group", {
      name,
      retentionInDays: deployment.logRetentionDays,
      kmsKeyId: keyArn,
    });
    this.arn = group.arn;
    this.name = group.name;
    this.#streamsArn = arns.of("logs", `log-group:${name}:*`);
  }

  /** Grants writing to the group. */
  grantWrite(role: ServiceRole): void {
    role.addPermission({
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [this.#streamsArn],
    });
  }
}
