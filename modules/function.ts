import { Construct } from "constructs";
import { LambdaEventSourceMapping } from "#aws/lambda-event-source-mapping";
import { LambdaFunction } from "#aws/lambda-function";
import { S3Object } from "#aws/s3-object";
import { AssetType, TerraformAsset } from "#cdktf";
import type { FunctionPackage } from "./function-package.ts";
import { LogGroup } from "./log-group.ts";
import { buildNamePrefix } from "./names.ts";
import type { EventQueue, Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `BundledFunction`. */
export interface BundledFunctionProps {
  /** At most 64 characters; also the name of the role. A change REPLACES the function. */
  readonly name: string;
  readonly description: string;
  readonly code: FunctionPackage;
  /** Variables according to its schema in `pipeline/environment/`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** MB. @default 256 */
  readonly memoryMb?: number;
  /** Reserved concurrent executions. */
  readonly reservedConcurrency: number;
  /** Dead-letter queue for asynchronous invocations. */
  readonly deadLetterQueue: Queue;
}

/** A Lambda function with its role and log group. */
export class BundledFunction extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly logGroup: LogGroup;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { name, code } = props;
    const { deployment, names, keyArn } = StageStack.of(this);
    this.logGroup = new LogGroup(this, "logs", { name: `/aws/lambda/${name}` });
    this.role = new ServiceRole(this, "role", { name, service: "lambda.amazonaws.com" });
    this.logGroup.grantWrite(this.role);
    this.role.addPermission({
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
    });
    this.role.addPermission({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn] });
    props.deadLetterQueue.grantSend(this.role);
    const asset = new TerraformAsset(this, "code", { path: code.path, type: AssetType.FILE });
    const object = new S3Object(this, "object", {
      bucket: names.codeBucket,
      key: `${name}/${code.sha256Hex}.zip`,
      source: asset.path,
      sourceHash: code.sha256,
    });
    const lambdaFunction = new LambdaFunction(this, "function", {
      functionName: name,
      description: props.description,
      role: this.role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      s3Bucket: object.bucket,
      s3Key: object.key,
      sourceCodeHash: code.sha256,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb ?? 256,
      reservedConcurrentExecutions: deployment.reserveConcurrency ? props.reservedConcurrency : -1,
      kmsKeyArn: keyArn,
      environment: {
        variables: {
          NODE_OPTIONS: "--enable-source-maps",
          STAGE: buildNamePrefix(deployment),
          ...props.environment,
        },
      },
      deadLetterConfig: { targetArn: props.deadLetterQueue.arn },
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "Text", logGroup: this.logGroup.name },
    });
    this.arn = lambdaFunction.arn;
    this.name = lambdaFunction.functionName;
  }

  /**
   * Consumes a queue in batches of ten messages, with partial batch responses.
   *
   * @param id of the event source mapping, for a function with several queues
   */
  consume(queue: EventQueue, maximumConcurrency: number, id = "messages"): void {
    queue.grantConsume(this.role);
    new LambdaEventSourceMapping(this, id, {
      eventSourceArn: queue.arn,
      functionName: this.arn,
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency },
    });
  }

  grantInvoke(role: ServiceRole): void {
    role.addPermission({ actions: ["lambda:InvokeFunction"], resources: [this.arn] });
  }
}
