import { expect } from "chai";
import { TerraformOutput } from "#cdktf";
import { ServiceRole } from "../../modules/role.ts";
import { account, inStage, statements } from "./in-stage.ts";

const role = (
  actions: readonly string[],
  resources: readonly string[],
  service = "ecs-tasks.amazonaws.com",
) =>
  inStage((stack) => {
    new ServiceRole(stack, "role", { name: "reelway-dev-task", service }).addPermission({
      actions,
      resources,
    });
  });

describe("ServiceRole", () => {
  it("refuses permissions on every resource, naming role and actions", () => {
    expect(() => role(["s3:GetObject"], ["*"])).to.throw(
      "Role reelway-dev-task would allow s3:GetObject on all resources",
    );
    expect(() => role(["s3:GetObject", "ecr:GetAuthorizationToken"], ["*"])).to.throw("s3:GetObject");
    expect(() => role(["s3:GetObject"], [])).to.throw("Set resources to ARNs");
  });

  it("lets pass the action that knows no resource", () => {
    expect(
      statements(role(["ecr:GetAuthorizationToken"], ["*"]).one("aws_iam_role_policy").policy),
    ).to.deep.equal([{ Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] }]);
  });

  it("is taken by its service for its own account alone, and stays within the stage's boundary", () => {
    const made = role(["s3:GetObject"], ["arn:aws:s3:::input/*"]).one("aws_iam_role");

    expect(made.permissions_boundary).to.equal(`arn:aws:iam::${account}:policy/reelway-dev-boundary`);
    expect(statements(made.assume_role_policy)).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ]);
  });

  it("asks of Lambda no account, which it does not name", () => {
    const made = role(["s3:GetObject"], ["arn:aws:s3:::input/*"], "lambda.amazonaws.com").one("aws_iam_role");

    expect(statements(made.assume_role_policy)).to.deep.equal([
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
  });

  it("is known to others only with its permissions: AWS tries some of them out", () => {
    const made = inStage((stack) => {
      const { arn } = new ServiceRole(stack, "role", {
        name: "reelway-dev-task",
        service: "lambda.amazonaws.com",
      });
      new TerraformOutput(stack, "role-arn", { value: arn, staticId: true });
    });

    expect(made.outputs["role-arn"]?.value).to.match(
      /^arn:aws:iam::\$\{.*\}:role\/\$\{aws_iam_role_policy\..*\.role\}$/,
    );
  });
});
