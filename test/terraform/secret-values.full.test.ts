import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect } from "chai";
import { type AwsProvider, startAwsProvider } from "../apply/aws-provider.ts";
import { type Moto, startMoto } from "../contract/moto.ts";
import { createTestStage, parseApplied, type TestStage } from "./pull-request/test-stage.ts";

describe("the plan role", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let testStage: TestStage;
  const routing = (version: number) => ({
    routing: {
      provider: { aws: [{ region: "us-east-1", skip_requesting_account_id: true, max_retries: 1 }] },
      resource: {
        aws_secretsmanager_secret: { keys: { name: "keys" } },
        aws_secretsmanager_secret_version: {
          keys: {
            secret_id: "${" + "aws_secretsmanager_secret.keys.id}",
            secret_string_wo: "for nobody's eyes",
            secret_string_wo_version: version,
          },
        },
        aws_sns_topic: { finished: { name: "finished" } },
      },
    },
  });
  before(async () => {
    moto = await startMoto();
    const { endpoint, region } = moto.client;
    const iam = new IAMClient(moto.client);
    const UserName = "planner";
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const statement = [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "secretsmanager:GetSecretValue", Resource: "*" },
    ];
    await iam.send(
      new PutUserPolicyCommand({
        UserName,
        PolicyName: "all but secrets",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statement }),
      }),
    );
    iam.destroy();
    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? "",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    provider = await startAwsProvider(environment, [
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_version",
      "aws_sns_topic",
    ]);
    testStage = await createTestStage({ ...environment, ...provider.environment });
    await testStage.synth(routing(1));
    await testStage.plan();
    parseApplied(await testStage.apply("plan/summary.json"));
    // From now on the policy is enforced.
    await fetch(`${endpoint}/moto-api/reset-auth`, { method: "POST", body: "0" });
  });
  after(async () => {
    await testStage.close();
    await Promise.all([moto.close(), provider.close()]);
  });

  it("reads no secret value, and still sees what would change", async () => {
    const [unchanged] = (await testStage.plan()).stacks;
    await testStage.synth(routing(2));
    const [raised] = (await testStage.plan()).stacks;

    expect(unchanged?.status).to.equal("unchanged");
    expect(raised?.changes?.map(({ address }) => address)).to.deep.equal([
      "aws_secretsmanager_secret_version.keys",
    ]);
  });

  it("finds drift of other resources", async () => {
    const { code, stdout, stderr } = await testStage.run(
      "drift",
      "--stage",
      "dev",
      "--no-synth",
      "--out",
      "drift",
      "--json",
    );

    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ drift: false });
  });

  it("is denied an apply, which reads the value", async () => {
    const { code, stderr } = await testStage.run("plan", "--stage", "dev", "--no-synth", "--out", "locked");

    expect(code).to.equal(1);
    expect(stderr).to.match(/GetSecretValue, https response error StatusCode: 403/);
  });
});
