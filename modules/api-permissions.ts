import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

type Stack = Pick<StageStack, "arns" | "deployment">;

const getUserPoolsArn = ({ arns }: Stack): string => arns.of("cognito-idp", "userpool/*");

/** Matches the stage's user pools by their tags, because their ARNs have no names. */
const matchTags = ({ deployment }: Stack) => ({
  StringEquals: {
    "aws:ResourceTag/project": deployment.project,
    "aws:ResourceTag/stage": deployment.stage,
  },
});

/** Builds the policy that plans the user pool of the stack `api`. */
export const buildApiPlanStatements = (stack: Stack): readonly Statement[] => [
  {
    Sid: "ReadUserPools",
    Effect: "Allow",
    Action: [
      "cognito-idp:DescribeUserPool",
      "cognito-idp:DescribeUserPoolClient",
      "cognito-idp:GetGroup",
      "cognito-idp:GetUserPoolMfaConfig",
      "cognito-idp:ListTagsForResource",
    ],
    Resource: getUserPoolsArn(stack),
    Condition: matchTags(stack),
  },
  {
    Sid: "ReadUserPoolDomains",
    Effect: "Allow",
    Action: "cognito-idp:DescribeUserPoolDomain",
    Resource: "*",
    Condition: { StringEquals: { "aws:RequestedRegion": stack.deployment.region } },
  },
];

/** Builds the policy that applies the user pool of the stack `api`, in addition to the policy that plans it. */
export const buildApiApplyStatements = (stack: Stack): readonly Statement[] => [
  {
    Sid: "CreateUserPools",
    Effect: "Allow",
    Action: "cognito-idp:CreateUserPool",
    Resource: "*",
    Condition: {
      StringEquals: {
        "aws:RequestedRegion": stack.deployment.region,
        "aws:RequestTag/project": stack.deployment.project,
        "aws:RequestTag/stage": stack.deployment.stage,
      },
    },
  },
  {
    Sid: "ManageUserPools",
    Effect: "Allow",
    Action: [
      "cognito-idp:CreateGroup",
      "cognito-idp:CreateUserPoolClient",
      "cognito-idp:CreateUserPoolDomain",
      "cognito-idp:DeleteGroup",
      "cognito-idp:DeleteUserPool*",
      "cognito-idp:SetUserPoolMfaConfig",
      "cognito-idp:TagResource",
      "cognito-idp:UntagResource",
      "cognito-idp:UpdateGroup",
      "cognito-idp:UpdateUserPool*",
    ],
    Resource: getUserPoolsArn(stack),
    Condition: matchTags(stack),
  },
];
