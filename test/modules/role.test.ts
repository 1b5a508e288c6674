import { expect } from "chai";
import { Testing } from "#cdktf";
import { ServiceRole } from "../../modules/role.ts";

const role = (actions: readonly string[], resources: readonly string[]) =>
  Testing.synthScope((scope) => {
    new ServiceRole(scope, "role", {
      name: "reelway-dev-task",
      service: "ecs-tasks.amazonaws.com",
      account: "123456789012",
      permissions: [{ actions, resources }],
    });
  });

describe("ServiceRole", () => {
  it("refuses permissions on every resource, naming role and actions", () => {
    expect(() => role(["s3:GetObject"], ["*"])).to.throw(
      "Role reelway-dev-task would be allowed s3:GetObject on every resource",
    );
    expect(() => role(["s3:GetObject", "ecr:GetAuthorizationToken"], ["*"])).to.throw("s3:GetObject");
    expect(() => role(["s3:GetObject"], [])).to.throw("Name the resources' ARNs");
  });

  it("lets pass the action that knows no resource", () => {
    expect(role(["ecr:GetAuthorizationToken"], ["*"])).to.include("ecr:GetAuthorizationToken");
  });

  it("is taken by its service for its own account alone", () => {
    const { resource } = JSON.parse(role(["s3:GetObject"], ["arn:aws:s3:::input/*"]));
    const [made] = Object.values<{ assume_role_policy: string }>(resource.aws_iam_role);

    expect(JSON.parse(made?.assume_role_policy ?? "").Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });
});
