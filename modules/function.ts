import { Construct } from "constructs";
import { LambdaEventSourceMapping } from "#aws/lambda-event-source-mapping";
import { LambdaFunction, type LambdaFunctionConfig } from "#aws/lambda-function";
import { S3Object } from "#aws/s3-object";
import { AssetType, TerraformAsset } from "#cdktf";
import type { FunctionPackage } from "./function-package.ts";
import { LogGroup } from "./log-group.ts";
import { buildNamePrefix } from "./names.ts";
import type { EventQueue, Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `ServiceFunction`. */
export interface ServiceFunctionProps {
  /** At most 64 characters; also the name of the role. A change REPLACES the function. */
  readonly name: string;
  readonly description: string;
  /** Variables according to its schema in `pipeline/environment/`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** MB. @default 256 */
  readonly memoryMb?: number;
  /** Size of `/tmp`, MB. @default 512 */
  readonly ephemeralStorageMb?: number;
  /** Reserved concurrent executions. */
  readonly reservedConcurrency: number;
  /** Dead-letter queue for asynchronous invocations. */
  readonly deadLetterQueue: Queue;
}

/** The settings of a function that depend on how its program is packaged. */
type PackageSettings = Pick<
  LambdaFunctionConfig,
  | "packageType"
  | "architectures"
  | "runtime"
  | "handler"
  | "s3Bucket"
  | "s3Key"
  | "sourceCodeHash"
  | "imageUri"
  | "imageConfig"
> & { readonly variables?: Readonly<Record<string, string>> };

/** A Lambda function with its role and log group. */
export class ServiceFunction extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly logGroup: LogGroup;
  readonly role: ServiceRole;

  /** @param addPackage adds what the function's program needs and returns its settings */
  constructor(
    scope: Construct,
    id: string,
    props: ServiceFunctionProps,
    addPackage: (scope: Construct) => PackageSettings,
  ) {
    super(scope, id);
    const { name } = props;
    const { deployment, keyArn } = StageStack.of(this);
    this.logGroup = new LogGroup(this, "logs", { name: `/aws/lambda/${name}` });
    this.role = new ServiceRole(this, "role", { name, service: "lambda.amazonaws.com" });
    this.logGroup.grantWrite(this.role);
    this.role.addPermission({
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
    });
    this.role.addPermission({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn] });
    props.deadLetterQueue.grantSend(this.role);
    const { variables, ...packageSettings } = addPackage(this);
    const lambdaFunction = new LambdaFunction(this, "function", {
      ...packageSettings,
      functionName: name,
      description: props.description,
      role: this.role.arn,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMb ?? 256,
      ...(props.ephemeralStorageMb === undefined
        ? {}
        : { ephemeralStorage: { size: props.ephemeralStorageMb } }),
      reservedConcurrentExecutions: deployment.reserveConcurrency ? props.reservedConcurrency : -1,
      kmsKeyArn: keyArn,
      environment: {
        variables: { ...variables, STAGE: buildNamePrefix(deployment), ...props.environment },
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

/** Properties of `BundledFunction`. */
export interface BundledFunctionProps extends ServiceFunctionProps {
  readonly code: FunctionPackage;
}

/** A function whose program is a bundle for the Node runtime of Lambda. */
export class BundledFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const { name, code } = props;
    super(scope, id, props, (self) => {
      const asset = new TerraformAsset(self, "code", { path: code.path, type: AssetType.FILE });
      const object = new S3Object(self, "object", {
        bucket: StageStack.of(self).names.codeBucket,
        key: `${name}/${code.sha256Hex}.zip`,
        source: asset.path,
        sourceHash: code.sha256,
      });
      return {
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        s3Bucket: object.bucket,
        s3Key: object.key,
        sourceCodeHash: code.sha256,
        variables: { NODE_OPTIONS: "--enable-source-maps" },
      };
    });
  }
}

/** Properties of `ImageFunction`. */
export interface ImageFunctionProps extends ServiceFunctionProps {
  /** Image with digest: `URI@sha256:…`. */
  readonly image: string;
  readonly architecture: "X86_64" | "ARM64";
  /** Program and arguments, instead of those of the image. */
  readonly command: readonly string[];
}

/** A function whose program is in an image of Amazon ECR and calls the Lambda Runtime API itself. */
export class ImageFunction extends ServiceFunction {
  constructor(scope: Construct, id: string, props: ImageFunctionProps) {
    super(scope, id, props, () => ({
      packageType: "Image",
      architectures: [props.architecture === "ARM64" ? "arm64" : "x86_64"],
      imageUri: props.image,
      // Lambda runs the program as a user of its own, who can write to /tmp only.
      imageConfig: { entryPoint: [...props.command], workingDirectory: "/tmp" },
    }));
  }
}
