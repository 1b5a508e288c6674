import { Construct } from "constructs";
import { IamRole } from "#aws/iam-role";
import { IamRolePolicy } from "#aws/iam-role-policy";
import { Lazy } from "#cdktf";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Actions without resource-level permissions (Service Authorization Reference), which may be allowed on `*`. */
const actionsWithoutResource = [
  "ecr:GetAuthorizationToken",
  "rekognition:DetectLabels",
  "rekognition:RecognizeCelebrities",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
];

/** A permission of a role. */
export interface Permission {
  /** IAM actions, e.g. `s3:GetObject`. */
  readonly actions: readonly string[];
  /** ARNs; `*` only for actions without resource-level permissions. */
  readonly resources: readonly string[];
  /** Condition block of the policy language. @default none */
  readonly condition?: NonNullable<Statement["Condition"]>;
}

/** Properties of `ServiceRole`. */
export interface ServiceRoleProps {
  /** At most 64 characters. A change REPLACES the role. */
  readonly name: string;
  /** Service that assumes the role, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
}

/**
 * Services that set aws:SourceAccount when they assume a role: Amazon ECS developer guide, "Amazon ECS
 * task IAM role"; EventBridge user guide, "Using IAM policy conditions"; EventBridge Scheduler user guide, "Confused
 * deputy prevention"; VPC user guide, "IAM role for publishing flow logs". Lambda's guide does not document it, and a
 * condition that is never met makes a role unusable. Lambda does not need it: a role can be passed only to
 * functions of its own account.
 */
const servicesWithSourceAccount = [
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/**
 * A role of one service with exactly the permissions that resources grant it and the stage's permissions boundary. The
 * service can assume it only for resources of the stage's account.
 */
export class ServiceRole extends Construct {
  /** ARN of the role; resolved after the permissions are attached, because AWS validates some of them when the role is used. */
  readonly arn: string;
  #name: string;
  #permissions: Permission[] = [];

  constructor(scope: Construct, id: string, { name, service }: ServiceRoleProps) {
    super(scope, id);
    this.#name = name;
    const { arns, names } = StageStack.of(this);
    const role = new IamRole(this, "role", {
      name,
      permissionsBoundary: arns.policy(names.permissionsBoundary),
      assumeRolePolicy: renderPolicyDocument([
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sts:AssumeRole",
          ...(servicesWithSourceAccount.includes(service)
            ? { Condition: { StringEquals: { "aws:SourceAccount": arns.account } } }
            : {}),
        },
      ]),
    });
    const policy = new IamRolePolicy(this, "policy", {
      name: "permissions",
      role: role.name,
      policy: Lazy.stringValue({ produce: () => renderPolicyDocument(this.#permissions.map(toStatement)) }),
    });
    this.arn = arns.role(policy.role);
  }

  /** Appends a statement to the role's policy. @throws Error for a permission without exact resources */
  addPermission(permission: Permission): void {
    const { actions, resources } = permission;
    if (
      resources.length === 0 ||
      (resources.includes("*") && !actions.every((action) => actionsWithoutResource.includes(action)))
    )
      throw new Error(
        `Role ${this.#name} would allow ${actions.join(", ")} on all resources. Set resources to ARNs.`,
      );
    this.#permissions.push(permission);
  }
}

/** Converts a permission to a policy statement. */
export const toStatement = ({ actions, resources, condition }: Permission): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(condition === undefined ? {} : { Condition: condition }),
});
