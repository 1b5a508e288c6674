import { expect } from "chai";
import { toPlainText } from "../../../terraform/review/phrase.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { configuredResource, planDocument, policy, reference, resourceChange } from "./plans.ts";

const describeAccess = (...args: Parameters<typeof planDocument>): readonly string[] =>
  reviewPlan(planDocument(...args), { name: "dev" }).access.map(
    ({ sentence, risks }) => toPlainText(sentence) + (risks.length === 0 ? "" : ` (${risks.join(", ")})`),
  );

const rolePolicy = (
  before: string | undefined,
  after: string | undefined,
  address = "aws_iam_role_policy.p",
) =>
  resourceChange({
    address,
    actions: before === undefined ? ["create"] : after === undefined ? ["delete"] : ["update"],
    before: before === undefined ? null : { role: "worker", policy: before },
    after: after === undefined ? null : { role: "worker", policy: after },
  });
const arn = "arn:aws:s3:::media";
const read = { Action: "s3:GetObject", Resource: `${arn}/*` };
const write = { Action: ["s3:PutObject", "s3:GetObject"], Resource: [`${arn}/*`] };

describe("access changes of a plan", () => {
  it("lists added and removed permissions only", () => {
    expect(describeAccess([rolePolicy(policy(read), policy(write))])).to.deep.equal([
      "Role worker may now s3:PutObject on arn:aws:s3:::media/*",
    ]);
    expect(describeAccess([rolePolicy(policy(write), policy(read))])).to.deep.equal([
      "Role worker may no longer s3:PutObject on arn:aws:s3:::media/*",
    ]);
  });

  it("groups actions and resources that were added together", () => {
    const both = { Action: ["s3:GetObject", "s3:PutObject"], Resource: ["a", "b"] };
    expect(describeAccess([rolePolicy(undefined, policy(both))])).to.deep.equal([
      "Role worker may now s3:GetObject and s3:PutObject on a and b",
    ]);
  });

  it("ignores a rewritten statement, or one moved to another policy of the role", () => {
    const otherwise = { Action: ["S3:getobject"], Resource: [`${arn}/*`] };
    expect(describeAccess([rolePolicy(policy(read), policy(otherwise))])).to.deep.equal([]);
    expect(
      describeAccess([
        rolePolicy(policy(read), undefined),
        rolePolicy(undefined, policy(read), "aws_iam_role_policy.q"),
      ]),
    ).to.deep.equal([]);
  });

  it("marks broad permissions for review, and lists them first", () => {
    expect(
      describeAccess([
        rolePolicy(
          undefined,
          policy(read, { Action: "dynamodb:*", Resource: "*" }, { NotAction: "iam:*", Resource: "x" }),
        ),
      ]),
    ).to.deep.equal([
      "Role worker may now dynamodb:* on every resource (every dynamodb action, every resource)",
      "Role worker may now do everything except iam:* on x (every action)",
      "Role worker may now s3:GetObject on arn:aws:s3:::media/*",
    ]);
  });

  it("describes what a managed policy allows if it may be attached to anything", () => {
    const buildManagedPolicy = (...statements: readonly Readonly<Record<string, unknown>>[]) =>
      resourceChange({
        address: "aws_iam_policy.boundary",
        actions: ["update"],
        before: { name: "boundary", policy: policy(read) },
        after: { name: "boundary", policy: policy(...statements) },
      });
    expect(
      describeAccess([buildManagedPolicy({ Effect: "Deny", Action: "iam:*", Resource: "*" })]),
    ).to.deep.equal([
      "Policy boundary no longer allows s3:GetObject on arn:aws:s3:::media/*",
      "Policy boundary now denies iam:* on every resource",
    ]);
  });

  it("groups principals with the same permissions", () => {
    const key = (service: string) => ({
      Principal: { Service: service },
      Action: "kms:Decrypt",
      Resource: "*",
    });
    const role = (name: string) =>
      resourceChange({
        address: `aws_iam_role.${name}`,
        actions: ["create"],
        after: { name, assume_role_policy: policy({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" }) },
      });
    const tls = (bucket: string) =>
      resourceChange({
        address: `aws_s3_bucket_policy.${bucket}`,
        actions: ["create"],
        after: {
          bucket,
          policy: policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: `arn:${bucket}` }),
        },
      });
    expect(
      describeAccess([
        resourceChange({
          address: "aws_kms_key.k",
          actions: ["create"],
          after: { description: "media", policy: policy(key("sns.amazonaws.com"), key("sqs.amazonaws.com")) },
        }),
        role("a"),
        role("b"),
        tls("in"),
        tls("out"),
      ]),
    ).to.deep.equal([
      "Roles a and b may now be assumed by anyone (anyone)",
      "Services sns.amazonaws.com and sqs.amazonaws.com may now kms:Decrypt on key media",
      "Anyone is now denied s3:* on arn:in and arn:out",
    ]);
  });

  it("accepts every resource for actions without resource-level permissions", () => {
    const token = { Action: "ecr:GetAuthorizationToken", Resource: "*" };
    expect(describeAccess([rolePolicy(undefined, policy(token))])).to.deep.equal([
      "Role worker may now ecr:GetAuthorizationToken on every resource",
    ]);
  });

  it("describes conditions", () => {
    const passRole = {
      Action: "iam:PassRole",
      Resource: "r",
      Condition: {
        StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"] },
        "ForAnyValue:StringLike": { "aws:TagKeys": "a*" },
        NumericLessThanEquals: { "s3:max-keys": 10 },
        StringEqualsIfExists: { "aws:RequestedRegion": "eu-west-1" },
        Null: { "aws:SourceArn": "true" },
      },
    };
    expect(describeAccess([rolePolicy(undefined, policy(passRole))])).to.deep.equal([
      "Role worker may now iam:PassRole on r, if some value of aws:TagKeys is like a*, and if the source resource is absent, and if s3:max-keys is at most 10, and if the region is eu-west-1, or the key is absent, and if the service it is passed to is ecs-tasks.amazonaws.com or lambda.amazonaws.com",
    ]);
  });

  it("lists who may assume a role", () => {
    const trust = (service: string) => ({
      name: "worker",
      assume_role_policy: policy({
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "1" } },
      }),
    });
    expect(
      describeAccess([
        resourceChange({
          address: "aws_iam_role.r",
          actions: ["update"],
          before: trust("ecs.amazonaws.com"),
          after: trust("lambda.amazonaws.com"),
        }),
      ]),
    ).to.deep.equal([
      "Role worker may now be assumed by service lambda.amazonaws.com, if the source account is 1",
      "Role worker may no longer be assumed by service ecs.amazonaws.com, if the source account is 1",
    ]);
  });

  it("reports public access, other accounts and removed denials", () => {
    const open = { Principal: "*", Action: "s3:GetObject", Resource: `${arn}/*` };
    const account = { Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "s3:*", Resource: arn };
    const tls = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    expect(
      describeAccess([
        resourceChange({
          address: "aws_s3_bucket_policy.p",
          actions: ["update"],
          before: { bucket: "media", policy: policy(tls) },
          after: { bucket: "media", policy: policy(open, account) },
        }),
      ]),
    ).to.deep.equal([
      "Anyone may now s3:GetObject on arn:aws:s3:::media/* (anyone)",
      "Account 123456789012 may now s3:* on arn:aws:s3:::media (every s3 action)",
      "Anyone is no longer denied s3:* on arn:aws:s3:::media, if the request is not over TLS (every s3 action, anyone who meets the condition)",
    ]);
  });

  it("fills a pending policy with known ARNs, and names unknown ones", () => {
    const written = policy({
      Action: "sqs:SendMessage",
      Resource: [reference("aws_sqs_queue.new.arn"), reference("aws_sqs_queue.old.arn")],
    });
    expect(
      describeAccess(
        [
          resourceChange({
            address: "aws_sqs_queue.new",
            actions: ["create"],
            after: {},
            unknown: { arn: true },
          }),
          resourceChange({
            address: "aws_sqs_queue.old",
            before: { arn: "arn:old" },
            after: { arn: "arn:old" },
          }),
          resourceChange({
            address: "aws_iam_role_policy.p",
            actions: ["create"],
            after: { role: "worker" },
            unknown: { policy: true },
          }),
        ],
        { configured: [configuredResource("aws_iam_role_policy.p", { policy: written })] },
      ),
    ).to.deep.equal(["Role worker may now sqs:SendMessage on aws_sqs_queue.new.arn and arn:old"]);
  });

  it("reports an unreadable policy, and treats nothing as removed", () => {
    const change = {
      address: "aws_iam_role_policy.p",
      actions: ["update"],
      before: { role: "worker", policy: policy(read) },
      after: { role: "worker" },
      unknown: { policy: true },
    };
    expect(describeAccess([resourceChange(change)])).to.deep.equal([
      "The policy of role worker is known after apply",
    ]);
    expect(
      describeAccess([
        resourceChange({
          ...change,
          after: { role: "worker", policy: policy(write) },
          unknown: {},
          sensitive: { policy: true },
        }),
      ]),
    ).to.deep.equal(["The policy of role worker is sensitive and not shown"]);
  });

  it("treats a Lambda permission as a statement", () => {
    expect(
      describeAccess([
        resourceChange({
          address: "aws_lambda_permission.events",
          actions: ["create"],
          after: {
            function_name: "router",
            action: "lambda:InvokeFunction",
            principal: "events.amazonaws.com",
            source_arn: "arn:rule",
          },
        }),
      ]),
    ).to.deep.equal([
      "Service events.amazonaws.com may now lambda:InvokeFunction on function router, if the source resource is like arn:rule",
    ]);
  });

  it("reports attached policies and a removed boundary", () => {
    const boundary = "arn:aws:iam::1:policy/boundary";
    expect(
      describeAccess([
        resourceChange({
          address: "aws_iam_role_policy_attachment.a",
          actions: ["create"],
          after: { role: "worker", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        }),
        resourceChange({
          address: "aws_iam_role.r",
          actions: ["update"],
          before: { name: "worker", permissions_boundary: boundary },
          after: { name: "worker", permissions_boundary: null },
        }),
      ]),
    ).to.deep.equal([
      "Role worker now has policy arn:aws:iam::aws:policy/AdministratorAccess (a policy with broad access)",
      "Role worker loses its permissions boundary arn:aws:iam::1:policy/boundary (no permissions boundary)",
    ]);
  });
});
