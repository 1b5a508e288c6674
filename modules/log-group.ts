import { Construct } from "constructs";
import { CloudwatchLogGroup } from "#aws/cloudwatch-log-group";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** An encrypted log group with the stage's retention. */
export class LogGroup extends Construct {
  readonly arn: string;
  readonly name: string;
  #streamsArn: string;

  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
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
