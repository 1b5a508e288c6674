import { expect } from "chai";
import { excludeSecretValues, hasSecretValues } from "../../../terraform/pull-request/secret-values.ts";

describe("values of secrets", () => {
  it("are read where a stack has a version of a secret, and not for the secret alone", () => {
    expect(hasSecretValues({ resource: { aws_secretsmanager_secret_version: { keys: {} } } })).to.equal(true);
    expect(hasSecretValues({ resource: { aws_secretsmanager_secret: { keys: {} } } })).to.equal(false);
    expect(hasSecretValues({ output: {} })).to.equal(false);
  });

  it("are all that is passed over", () => {
    expect(
      excludeSecretValues([
        { address: "aws_sns_topic.finished", type: "aws_sns_topic" },
        { address: "aws_secretsmanager_secret_version.keys", type: "aws_secretsmanager_secret_version" },
      ]),
    ).to.deep.equal(["aws_sns_topic.finished"]);
  });
});
