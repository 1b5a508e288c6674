import { Construct } from "constructs";
import { IamRole } from "#aws/iam-role";
import { IamRolePolicy } from "#aws/iam-role-policy";
import { policyDocument, type Statement } from "./policy-document.ts";
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
  readonly permissions: readonly Permission[];
}

/**
 * A role of one service with exactly the permissions given, under the stage's boundary. The service takes it for
 * resources of the stage's account alone.
 *
 * @throws Error listing every permission that names no exact resource
 */
export class ServiceRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, service, permissions }: ServiceRoleProps) {
    super(scope, id);
    const open = permissions.filter(
      ({ actions, resources }) =>
        resources.length === 0 ||
        (resources.includes("*") && !actions.every((action) => actionsWithoutResource.includes(action))),
    );
    if (open.length > 0)
      throw new Error(
        `Role ${name} would be allowed ${open.flatMap(({ actions }) => actions).join(", ")} on every resource. Name the resources' ARNs.`,
      );
    const { arns, names } = StageStack.of(this);
    const role = new IamRole(this, "role", {
      name,
      permissionsBoundary: arns.policy(names.boundary),
      assumeRolePolicy: policyDocument([
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": arns.account } },
        },
      ]),
    });
    new IamRolePolicy(this, "policy", {
      name: "permissions",
      role: role.name,
      policy: policyDocument(permissions.map(allow)),
    });
    this.arn = role.arn;
  }
}

/** A permission as a statement. */
export const allow = ({ actions, resources, condition }: Permission): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(condition === undefined ? {} : { Condition: condition }),
});
