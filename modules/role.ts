import { Construct } from "constructs";
import { IamRole } from "#aws/iam-role";
import { IamRolePolicy } from "#aws/iam-role-policy";
import { Lazy } from "#cdktf";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Actions that know no resource (Service Authorization Reference of each service): the only ones allowed on `*`. */
const actionsWithoutResource = [
  "ecr:GetAuthorizationToken",
  "xray:PutTraceSegments",
  "xray:PutTelemetryRecords",
];

/** One thing that a role may do. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs; `*` alone is refused where the action knows resources. */
  readonly resources: readonly string[];
  /** Condition block of the policy language. @default none */
  readonly condition?: NonNullable<Statement["Condition"]>;
}

export interface ServiceRoleProps {
  /** At most 64 characters. A change REPLACES the role. */
  readonly name: string;
  /** The service that takes the role, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
}

/**
 * Services of which AWS says that they name the account they take a role for: Amazon ECS developer guide, "Amazon ECS
 * task IAM role"; EventBridge user guide, "Using IAM policy conditions"; EventBridge Scheduler user guide, "Confused
 * deputy prevention"; VPC user guide, "IAM role for publishing flow logs". Lambda's guide says nothing of it, and a
 * condition that is never met is a role that nobody can take. Nothing is lost there: a role can be given only to
 * functions of its own account.
 */
const servicesWithSourceAccount = [
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];

/**
 * A role of one service with exactly the permissions that resources grant it, under the stage's boundary. The service
 * assumes it for resources of the stage's account alone.
 */
export class ServiceRole extends Construct {
  /** Known once the role has its permissions: AWS tries some of them out when it is told of the role. */
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

  /**
   * Adds a statement to the role's policy, behind those it has.
   *
   * @throws Error for a permission that names no exact resource
   */
  addPermission(permission: Permission): void {
    const { actions, resources } = permission;
    if (
      resources.length === 0 ||
      (resources.includes("*") && !actions.every((action) => actionsWithoutResource.includes(action)))
    )
      throw new Error(
        `Role ${this.#name} would be allowed ${actions.join(", ")} on every resource. Name the resources' ARNs.`,
      );
    this.#permissions.push(permission);
  }
}

/** A permission as a statement. */
export const toStatement = ({ actions, resources, condition }: Permission): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(condition === undefined ? {} : { Condition: condition }),
});
