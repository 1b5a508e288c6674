import { expect } from "chai";
import { excludeSecretValues, hasSecretValues } from "../../../terraform/pull-request/secret-values.ts";

describe("secret values", () => {
  it("are read if a stack has a secret version, and not for the secret only", () => {
    expect(hasSecretValues({ resource: { aws_secretsmanager_secret_version: { keys: {} } } })).to.equal(true);
    expect(hasSecretValues({ resource: { aws_secretsmanager_secret: { keys: {} } } })).to.equal(false);
    expect(hasSecretValues({ output: {} })).to.equal(false);
  });

  it("are all that is ignored", () => {
    expect(
      excludeSecretValues([
        { address: "aws_sns_topic.finished", type: "aws_sns_topic" },
        { address: "aws_secretsmanager_secret_version.keys", type: "aws_secretsmanager_secret_version" },
      ]),
    ).to.deep.equal(["aws_sns_topic.finished"]);
  });
});
