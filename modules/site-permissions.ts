import type { Statement } from "./policy-document.ts";
import type { StageStack } from "./stack.ts";

type Stack = Pick<StageStack, "arns" | "names" | "deployment">;

const listArns = ({ arns, names, deployment }: Stack) => ({
  cloudfront: `arn:aws:cloudfront::${arns.account}`,
  // Also those of sources and destinations.
  deliveries: `arn:aws:logs:us-east-1:${arns.account}:delivery*`,
  parameter: arns.of("ssm", `parameter${names.siteParameter}`),
  waf: `arn:aws:wafv2:us-east-1:${arns.account}:global`,
  functionPattern: `function/${deployment.project}-${deployment.stage}-*`,
});

/** Builds the policy that plans the stack `site`. */
export const buildSitePlanStatements = (stack: Stack): readonly Statement[] => {
  const { cloudfront, deliveries, parameter, waf } = listArns(stack);
  return [
    {
      Sid: "ReadCloudFront",
      Effect: "Allow",
      Action: ["cloudfront:DescribeFunction", "cloudfront:Get*", "cloudfront:ListTagsForResource"],
      Resource: `${cloudfront}:*`,
    },
    {
      Sid: "ReadWithoutArn",
      Effect: "Allow",
      Action: ["cloudfront:GetKeyGroup", "cloudfront:GetPublicKey", "ssm:DescribeParameters"],
      Resource: "*",
    },
    {
      Sid: "ReadDeliveries",
      Effect: "Allow",
      Action: ["logs:GetDelivery*", "logs:ListTagsForResource"],
      Resource: deliveries,
    },
    {
      Sid: "ReadParameter",
      Effect: "Allow",
      Action: ["ssm:GetParameter*", "ssm:ListTagsForResource"],
      Resource: parameter,
    },
    {
      Sid: "ReadWebAcl",
      Effect: "Allow",
      Action: ["wafv2:GetWebACL", "wafv2:ListTagsForResource"],
      Resource: `${waf}/webacl/*`,
    },
    {
      // It is an argument of the distribution, so each plan compares it.
      Sid: "ReadOriginSecret",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: stack.arns.secret(stack.names.originSecret),
    },
  ];
};

/** Builds the policy that applies the stack `site`, in addition to the policy that plans it. */
export const buildSiteApplyStatements = (stack: Stack): readonly Statement[] => {
  const { cloudfront, deliveries, parameter, waf, functionPattern } = listArns(stack);
  return [
    {
      Sid: "ManageCloudFront",
      Effect: "Allow",
      Action: [
        "cloudfront:AllowVendedLogDeliveryForResource",
        "cloudfront:Create*",
        "cloudfront:Delete*",
        "cloudfront:PublishFunction",
        "cloudfront:*agResource",
        "cloudfront:Update*",
      ],
      Resource: [
        "cache-policy/*",
        "distribution/*",
        functionPattern,
        "origin-access-control/*",
        "response-headers-policy/*",
      ].map((resource) => `${cloudfront}:${resource}`),
    },
    {
      Sid: "ManageWithoutArn",
      Effect: "Allow",
      Action: ["cloudfront:CreateOriginAccessControl", "cloudfront:*KeyGroup", "cloudfront:*PublicKey"],
      Resource: "*",
    },
    {
      Sid: "ManageDeliveries",
      Effect: "Allow",
      Action: [
        "logs:CreateDelivery",
        "logs:DeleteDelivery*",
        "logs:PutDelivery*",
        "logs:*agResource",
        "logs:UpdateDeliveryConfiguration",
      ],
      Resource: deliveries,
    },
    {
      Sid: "ManageParameter",
      Effect: "Allow",
      Action: [
        "ssm:AddTagsToResource",
        "ssm:DeleteParameter",
        "ssm:PutParameter",
        "ssm:RemoveTagsFromResource",
      ],
      Resource: parameter,
    },
    {
      Sid: "ManageWebAcl",
      Effect: "Allow",
      Action: [
        "wafv2:CreateWebACL",
        "wafv2:DeleteWebACL",
        "wafv2:TagResource",
        "wafv2:UntagResource",
        "wafv2:UpdateWebACL",
      ],
      Resource: [
        `${waf}/webacl/${stack.deployment.project}-${stack.deployment.stage}-*`,
        `${waf}/managedruleset/*`,
      ],
    },
  ];
};
