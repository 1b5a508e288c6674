import { Construct } from "constructs";
import { CloudwatchLogGroup } from "#aws/cloudwatch-log-group";
import { LambdaFunction } from "#aws/lambda-function";
import { AssetType, TerraformAsset } from "#cdktf";
import type { Arns } from "./naming.ts";
import type { FunctionPackage } from "./package.ts";
import { type Permission, ServiceRole } from "./role.ts";

export interface BundledFunctionProps {
  /** At most 64 characters; the role bears it too. A change REPLACES the function. */
  readonly name: string;
  readonly arns: Arns;
  readonly code: FunctionPackage;
  /** The variables its schema in `pipeline/environment/` asks for. */
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  /** Seconds. */
  readonly timeout: number;
  /** MB. @default 256 */
  readonly memory?: number;
}

/** A Lambda function of one bundle, with a role and a log group of its own. */
export class BundledFunction extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { name, arns, code } = props;
    const logs = new CloudwatchLogGroup(this, "logs", { name: `/aws/lambda/${name}`, retentionInDays: 365 });
    const role = new ServiceRole(this, "role", {
      name,
      service: "lambda.amazonaws.com",
      account: arns.account,
      permissions: [
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [arns.of("logs", `log-group:/aws/lambda/${name}:*`)],
        },
        ...props.permissions,
      ],
    });
    const archive = new TerraformAsset(this, "code", { path: code.path, type: AssetType.FILE });
    this.arn = new LambdaFunction(this, "function", {
      functionName: name,
      role: role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: archive.path,
      sourceCodeHash: code.sha256,
      timeout: props.timeout,
      memorySize: props.memory ?? 256,
      environment: { variables: { ...props.environment } },
      dependsOn: [logs],
    }).arn;
  }
}
