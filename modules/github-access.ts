import { Construct } from "constructs";
import { IamOpenidConnectProvider } from "#aws/iam-openid-connect-provider";
import { IamPolicy } from "#aws/iam-policy";
import { IamRole } from "#aws/iam-role";
import { IamRolePolicy } from "#aws/iam-role-policy";
import { IamRolePolicyAttachment } from "#aws/iam-role-policy-attachment";
import { buildApiApplyStatements, buildApiPlanStatements } from "./api-permissions.ts";
import { buildApplyStatements } from "./apply-permissions.ts";
import type { PermissionsBoundary } from "./permissions-boundary.ts";
import { buildNamedPlanStatements, buildPlanStatements, type StageKeys } from "./plan-permissions.ts";
import { renderPolicyDocument, type Statement } from "./policy-document.ts";
import { buildSiteApplyStatements, buildSitePlanStatements } from "./site-permissions.ts";
import { StageStack } from "./stack.ts";

const issuer = "token.actions.githubusercontent.com";
const audience = "sts.amazonaws.com";

/** Properties of `GithubAccess`. */
export interface GithubAccessProps {
  /** `owner/name`. */
  readonly repository: string;
  /** Ids that GitHub's tokens contain, both or none. @default tokens without ids */
  readonly ownerId?: number | string | undefined;
  readonly repositoryId?: number | string | undefined;
  /** `create`, or the ARN of the account's existing provider: an account can have only one. */
  readonly oidcProvider: string;
  readonly keys: StageKeys;
  readonly boundary: PermissionsBoundary;
}

/**
 * Formats the beginning of the subjects of the repository's tokens. The immutable format has the ids too, so that nobody
 * else's repository gets access by taking over the name (GitHub, "OpenID Connect reference").
 */
const formatSubject = ({ repository, ownerId, repositoryId }: GithubAccessProps): string => {
  const [owner, name] = repository.split("/");
  return ownerId === undefined || repositoryId === undefined
    ? `repo:${repository}`
    : `repo:${owner}@${ownerId}/${name}@${repositoryId}`;
};

/**
 * Access of GitHub workflows to the stage without a stored secret: a plan role for the repository's pull requests and main
 * branch, and an apply role for jobs of the stage's environment only (GitHub, "Configuring OpenID
 * Connect in Amazon Web Services").
 */
export class GithubAccess extends Construct {
  readonly #boundary: PermissionsBoundary;

  constructor(scope: Construct, id: string, props: GithubAccessProps) {
    super(scope, id);
    const { oidcProvider, keys } = props;
    const subject = formatSubject(props);
    this.#boundary = props.boundary;
    const stack = StageStack.of(this);
    const { names, deployment } = stack;
    const providerArn =
      oidcProvider === "create"
        ? new IamOpenidConnectProvider(this, "oidc", { url: `https://${issuer}`, clientIdList: [audience] })
            .arn
        : oidcProvider;
    const sharedStatements = buildPlanStatements(stack, keys);
    const planRole = this.#addRole(
      "plan",
      names.planRole,
      providerArn,
      [...sharedStatements, ...buildNamedPlanStatements(stack)],
      [`${subject}:pull_request`, `${subject}:ref:refs/heads/main`],
    );
    const applyRole = this.#addRole(
      "apply",
      names.applyRole,
      providerArn,
      buildApplyStatements(stack, keys),
      [`${subject}:environment:${deployment.stage}`],
    );
    this.#attachPolicy("apply-plans", `${names.applyRole}-plans`, sharedStatements, { apply: applyRole });
    this.#attachPolicy("plan-api", `${names.planRole}-api`, buildApiPlanStatements(stack), {
      plan: planRole,
      apply: applyRole,
    });
    this.#attachPolicy("apply-api", `${names.applyRole}-api`, buildApiApplyStatements(stack), {
      apply: applyRole,
    });
    this.#attachPolicy("plan-site", `${names.planRole}-site`, buildSitePlanStatements(stack), {
      plan: planRole,
      apply: applyRole,
    });
    this.#attachPolicy("apply-site", `${names.applyRole}-site`, buildSiteApplyStatements(stack), {
      apply: applyRole,
    });
  }

  #addRole(
    id: string,
    name: string,
    providerArn: string,
    statements: readonly Statement[],
    subjects: readonly string[],
  ): string {
    const { arns, names } = StageStack.of(this);
    const role = new IamRole(this, id, {
      name,
      permissionsBoundary: arns.policy(names.permissionsBoundary),
      maxSessionDuration: 3600,
      assumeRolePolicy: renderPolicyDocument([
        {
          Effect: "Allow",
          Principal: { Federated: providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subjects } },
        },
      ]),
      dependsOn: [this.#boundary.policy],
    });
    new IamRolePolicy(this, `${id}-policy`, {
      name: "permissions",
      role: role.name,
      policy: renderPolicyDocument(statements),
    });
    return role.name;
  }

  /** Creates a managed policy: the inline policies of a role are limited to 10,240 characters together. */
  #attachPolicy(
    id: string,
    name: string,
    statements: readonly Statement[],
    roles: Readonly<Record<string, string>>,
  ): void {
    const policy = new IamPolicy(this, id, { name, policy: renderPolicyDocument(statements) });
    for (const [roleId, role] of Object.entries(roles))
      new IamRolePolicyAttachment(this, `${id}-${roleId}`, { role, policyArn: policy.arn });
  }
}
