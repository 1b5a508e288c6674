import { Construct } from "constructs";
import { IamRole } from "#aws/iam-role";
import { IamRolePolicy } from "#aws/iam-role-policy";

/** Actions that know no resource (Service Authorization Reference, Amazon ECR): the only ones allowed on `*`. */
const actionsWithoutResource = ["ecr:GetAuthorizationToken"];

/** One thing that a role may do. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs; `*` alone is refused where the action knows resources. */
  readonly resources: readonly string[];
  /** Condition block of the policy language. @default none */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface ServiceRoleProps {
  /** At most 64 characters. A change REPLACES the role. */
  readonly name: string;
  /** The service that takes the role, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
  /** The account whose resources may make the service take it. */
  readonly account: string;
  readonly permissions: readonly Permission[];
}

/**
 * A role of one service with exactly the permissions given.
 *
 * @throws Error listing every permission that names no exact resource
 */
export class ServiceRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, service, account, permissions }: ServiceRoleProps) {
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
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: policy([
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ]),
    });
    new IamRolePolicy(this, "policy", {
      name: "permissions",
      role: role.name,
      policy: policy(
        permissions.map(({ actions, resources, condition }) => ({
          Effect: "Allow",
          Action: actions,
          Resource: resources,
          ...(condition === undefined ? {} : { Condition: condition }),
        })),
      ),
    });
    this.arn = role.arn;
  }
}

const policy = (statements: readonly unknown[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
