import { type Construct, Node } from "constructs";
import { AwsProvider, type AwsProviderConfig } from "#aws/provider";
import { DataTerraformRemoteStateS3, S3Backend, TerraformOutput, TerraformStack } from "#cdktf";
import { type Arns, createArns } from "./arns.ts";
import { buildDeploymentNames, type Deployment, type DeploymentNames } from "./names.ts";

/** Outputs of each stack: values that AWS generates, and the URL of the stage. Names and ARNs are computed. */
interface StackOutputs {
  readonly state: "key_arn" | "operator_policy_arn";
  readonly compute: "subnet_ids" | "task_security_group_id";
  readonly transcoder: "endpoint" | "keys_secret_arn" | "read_key_secret_arn";
  readonly pipelines: "pipeline_id" | "preset_ids";
  readonly api: "endpoint" | "user_pool_id";
  readonly site: "distribution_domain_name" | "url";
}

/** Properties of every stack of a stage. */
export interface StageStackProps {
  /** The stage: project, name and settings. */
  readonly deployment: Deployment;
}

/** Context key for the list of stacks without deletion protection, set by main.ts. */
export const unprotectedContextKey = "reelway:unprotected";

const getBackendConfig = (deployment: Deployment, stack: string) => ({
  bucket: buildDeploymentNames(deployment).stateBucket,
  key: `${deployment.stage}/${stack}.tfstate`,
  region: deployment.region,
  encrypt: true,
  // Terraform would request AES256 otherwise, with which S3 does not use the key of the bucket.
  kmsKeyId: `alias/${buildDeploymentNames(deployment).stateKeyAlias}`,
});

/**
 * A stack with the provider and the remote state of its stage: one state key per stack, with S3 locking. Its constructs
 * find the stage's settings with `StageStack.of`.
 */
export class StageStack extends TerraformStack {
  /** The stage: project, name and settings. */
  readonly deployment: Deployment;
  /** Names of the stage's resources. */
  readonly names: DeploymentNames;
  /** ARNs of the stage's resources, computed from their names. */
  readonly arns: Arns;
  /** Whether resources with media, records, keys or state have prevent_destroy. */
  readonly isProtected: boolean;
  #stackName: string;
  #remoteStates = new Map<keyof StackOutputs, DataTerraformRemoteStateS3>();
  #keyArn: string | undefined;
  #usEast1Provider: AwsProvider | undefined;

  /** @param name within the stage, one of Reelway's or of a team's own; a change moves the state */
  constructor(scope: Construct, name: string, { deployment }: StageStackProps) {
    super(scope, `${deployment.stage}-${name}`);
    this.deployment = deployment;
    this.names = buildDeploymentNames(deployment);
    this.#stackName = name;
    const unprotected: unknown = this.node.tryGetContext(unprotectedContextKey);
    this.isProtected = !(Array.isArray(unprotected) && unprotected.includes(name));
    new AwsProvider(this, "aws", this.#getProviderConfig(deployment.region));
    // CDKTF 0.21 has no type for native locking, which needs no table (Terraform 1.10).
    new S3Backend(this, getBackendConfig(deployment, name)).addOverride("use_lockfile", true);
    this.arns = createArns(this, deployment);
  }

  /** Returns the stack of a construct. @throws Error if it is not in a StageStack */
  static override of(construct: Construct): StageStack {
    const stack = Node.of(construct).scopes.find((scope) => scope instanceof StageStack);
    if (stack === undefined)
      throw new Error(
        `${Node.of(construct).path} is not inside a StageStack. Create it in a stack of a stage.`,
      );
    return stack;
  }

  /** Reads an output of another stack of the stage, which must be applied before this one is planned. */
  importOutput<Name extends keyof StackOutputs>(name: Name, output: StackOutputs[Name]): string {
    const existing = this.#remoteStates.get(name);
    const state =
      existing ??
      new DataTerraformRemoteStateS3(this, `${name}-state`, getBackendConfig(this.deployment, name));
    this.#remoteStates.set(name, state);
    return state.getString(output);
  }

  /** Exports outputs for later stacks; the name of an output is a contract. */
  exportOutput(outputs: Readonly<Partial<Record<StackOutputs[keyof StackOutputs], string>>>): void {
    for (const [name, value] of Object.entries(outputs))
      new TerraformOutput(this, name, { value, staticId: true });
  }

  #getProviderConfig(region: string): AwsProviderConfig {
    const { account, project, stage } = this.deployment;
    return {
      region,
      ...(account === undefined ? {} : { allowedAccountIds: [account] }),
      defaultTags: [{ tags: { project, stage, stack: this.#stackName } }],
    };
  }

  /** Provider for us-east-1, the Region of what CloudFront uses: web ACLs and log deliveries. */
  get usEast1Provider(): AwsProvider {
    this.#usEast1Provider ??= new AwsProvider(this, "us-east-1", {
      ...this.#getProviderConfig("us-east-1"),
      alias: "us-east-1",
    });
    return this.#usEast1Provider;
  }

  /** ARN of the stage's KMS key, which the state stack creates. */
  get keyArn(): string {
    this.#keyArn ??= this.#stackName === "state" ? undefined : this.importOutput("state", "key_arn");
    if (this.#keyArn === undefined) throw new Error("The stage's KMS key is used before it is created.");
    return this.#keyArn;
  }

  /** Set by the stack that creates the key. */
  set keyArn(arn: string) {
    this.#keyArn = arn;
  }
}
