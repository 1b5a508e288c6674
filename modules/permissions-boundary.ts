import { Construct } from "constructs";
import { IamPolicy } from "#aws/iam-policy";
import type { Deployment } from "./names.ts";
import { renderPolicyDocument } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

/** Services that the stacks use; roles cannot be granted others. */
const allowedServices = [
  "apigateway",
  "cloudfront",
  "cloudwatch",
  "cognito-idp",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "events",
  "kms",
  "lambda",
  "logs",
  "s3",
  "scheduler",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "wafv2",
  "xray",
];

/** Whether a channel of the stage sends frames to Amazon Rekognition. */
const usesRekognition = ({ channels = [] }: Deployment): boolean =>
  channels.some(({ detector }) => detector === "rekognition");

/**
 * The permissions boundary of every role of the stage, including the apply role. It grants nothing and limits what roles
 * can be granted. No role can create a role without the boundary or change the boundary.
 */
export class PermissionsBoundary extends Construct {
  /** Dependency of roles in the same stack: IAM rejects a role whose boundary does not exist. */
  readonly policy: IamPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { arns, names, deployment } = StageStack.of(this);
    const boundaryArn = arns.policy(names.permissionsBoundary);
    const stageRoleArns = arns.role(`${deployment.project}-${deployment.stage}-*`);
    this.policy = new IamPolicy(this, "policy", {
      name: names.permissionsBoundary,
      description: `Permissions boundary of the roles of ${deployment.project} ${deployment.stage}`,
      policy: renderPolicyDocument([
        {
          Sid: "AllowServices",
          Effect: "Allow",
          Action: [...allowedServices, ...(usesRekognition(deployment) ? ["rekognition"] : [])].map(
            (service) => `${service}:*`,
          ),
          Resource: "*",
        },
        {
          Sid: "EndpointPrivateDns",
          Effect: "Allow",
          Action: "route53:AssociateVPCWithHostedZone",
          Resource: "arn:aws:route53:::hostedzone/*",
        },
        {
          Sid: "CreateServiceLinkedRoles",
          Effect: "Allow",
          Action: "iam:CreateServiceLinkedRole",
          Resource: arns.role("aws-service-role/*"),
          Condition: {
            StringEquals: { "iam:AWSServiceName": ["ecs.amazonaws.com", "ops.apigateway.amazonaws.com"] },
          },
        },
        { Sid: "AssumeRoles", Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/*" },
        {
          Sid: "ManageStageRoles",
          Effect: "Allow",
          Action: [
            "iam:*Role",
            "iam:*RolePolicy",
            "iam:*RolePolicies",
            "iam:*RoleTags",
            "iam:PutRolePermissionsBoundary",
          ],
          Resource: stageRoleArns,
        },
        {
          Sid: "ReadIam",
          Effect: "Allow",
          Action: ["iam:Get*", "iam:List*"],
          Resource: [
            arns.policy(`${deployment.project}-${deployment.stage}-*`),
            stageRoleArns,
            formatGithubOidcProviderArn(arns.account),
          ],
        },
        {
          Sid: "RequireBoundary",
          Effect: "Deny",
          Action: [
            "iam:CreateRole",
            "iam:PutRolePolicy",
            "iam:AttachRolePolicy",
            "iam:PutRolePermissionsBoundary",
          ],
          Resource: "*",
          Condition: { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
        },
        {
          Sid: "ProtectBoundary",
          Effect: "Deny",
          Action: [
            "iam:DeleteRolePermissionsBoundary",
            "iam:CreatePolicyVersion",
            "iam:SetDefaultPolicyVersion",
            "iam:DeletePolicyVersion",
            "iam:DeletePolicy",
          ],
          Resource: "*",
        },
      ]),
    });
  }
}

/** Formats the ARN of the account's OIDC provider for GitHub. */
const formatGithubOidcProviderArn = (account: string): string =>
  `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
