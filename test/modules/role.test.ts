import { expect } from "chai";
import { TerraformOutput } from "#cdktf";
import { ServiceRole } from "../../modules/role.ts";
import { account, statements, synthesizeStack } from "./synthesize-stack.ts";

const role = (
  actions: readonly string[],
  resources: readonly string[],
  service = "ecs-tasks.amazonaws.com",
) =>
  synthesizeStack((stack) => {
    new ServiceRole(stack, "role", { name: "reelway-dev-task", service }).addPermission({
      actions,
      resources,
    });
  });

describe("ServiceRole", () => {
  it("rejects permissions on every resource, and names role and actions", () => {
    expect(() => role(["s3:GetObject"], ["*"])).to.throw(
      "Role reelway-dev-task would allow s3:GetObject on all resources",
    );
    expect(() => role(["s3:GetObject", "ecr:GetAuthorizationToken"], ["*"])).to.throw("s3:GetObject");
    expect(() => role(["s3:GetObject"], [])).to.throw("Set resources to ARNs");
  });

  it("accepts actions without resource-level permissions", () => {
    expect(
      statements(role(["ecr:GetAuthorizationToken"], ["*"]).one("aws_iam_role_policy").policy),
    ).to.deep.equal([{ Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] }]);
  });

  it("is assumed by its service for its own account only, within the stage's boundary", () => {
    const synthesized = role(["s3:GetObject"], ["arn:aws:s3:::input/*"]).one("aws_iam_role");

    expect(synthesized.permissions_boundary).to.equal(`arn:aws:iam::${account}:policy/reelway-dev-boundary`);
    expect(statements(synthesized.assume_role_policy)).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  it("sets no source account for Lambda, which does not send one", () => {
    const synthesized = role(["s3:GetObject"], ["arn:aws:s3:::input/*"], "lambda.amazonaws.com").one(
      "aws_iam_role",
    );

    expect(statements(synthesized.assume_role_policy)).to.deep.equal([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("is exported after its permissions, which AWS validates", () => {
    const synthesized = synthesizeStack((stack) => {
      const { arn } = new ServiceRole(stack, "role", {
        name: "reelway-dev-task",
        service: "lambda.amazonaws.com",
      });
      new TerraformOutput(stack, "role-arn", { value: arn, staticId: true });
    });

    expect(synthesized.outputs["role-arn"]?.value).to.match(
      /^arn:aws:iam::\$\{.*\}:role\/\$\{aws_iam_role_policy\..*\.role\}$/,
    );
  });
});
