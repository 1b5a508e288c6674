import { SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { type AwsProvider, startAwsProvider } from "../apply/aws-provider.ts";
import { type Moto, startMoto } from "../contract/moto.ts";
import { createTestStage, parseApplied, type TestStage } from "./pull-request/test-stage.ts";

describe("drift of a stage", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let testStage: TestStage;
  before(async () => {
    moto = await startMoto();
    const { endpoint, region, credentials } = moto.client;
    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
    };
    provider = await startAwsProvider(environment, ["aws_sns_topic"]);
    testStage = await createTestStage({ ...environment, ...provider.environment });
    await testStage.synth({
      routing: {
        provider: { aws: [{ region, skip_requesting_account_id: true }] },
        resource: { aws_sns_topic: { finished: { name: "finished", display_name: "Finished" } } },
        output: { topic: { value: "arn:aws:sns:us-east-1:123456789012:finished" } },
      },
      compute: { output: { never: { value: "applied" } } },
    });
    await testStage.plan();
    parseApplied(await testStage.apply("plan/summary.json"));
    await testStage.synth({
      routing: {
        provider: { aws: [{ region, skip_requesting_account_id: true }] },
        // What main already contains and nobody has applied yet is not drift.
        resource: { aws_sns_topic: { finished: { name: "finished", display_name: "Ready" } } },
      },
      storage: { output: { never: { value: "applied" } } },
    });
  });
  after(async () => {
    await testStage.close();
    await Promise.all([moto.close(), provider.close()]);
  });
  const drift = (...more: string[]) =>
    testStage.run("drift", "--stage", "dev", "--no-synth", "--out", "drift", ...more);

  it("exits with 0 if everything is as applied", async () => {
    const { code, stdout, stderr } = await drift("--json");
    expect(code, `${stdout}${stderr}`).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      stage: "dev",
      drift: false,
      stacks: [
        { name: "storage", applied: false, changes: [] },
        { name: "routing", applied: true, changes: [] },
      ],
    });
  });

  it("exits with 3 and reports a changed resource, without changing the state", async () => {
    const before = await testStage.read("states", "routing.tfstate");
    const client = new SNSClient(moto.client);
    await client.send(
      new SetTopicAttributesCommand({
        TopicArn: "arn:aws:sns:us-east-1:123456789012:finished",
        AttributeName: "DisplayName",
        AttributeValue: "By hand",
      }),
    );
    client.destroy();
    const { code, stdout } = await drift();
    expect(code).to.equal(3);
    expect(stdout).to.contain("routing: aws_sns_topic.finished: was changed");
    const report = await testStage.read("drift", "drift.md");
    expect(report).to.match(/^<!-- reelway-drift dev -->\n/);
    expect(report).to.contain('  - `display_name`: `"Finished"` → `"By hand"`');
    expect(await testStage.read("states", "routing.tfstate")).to.equal(before);
  });

  it("exits with 1 and removes the previous result if detection fails", async () => {
    await testStage.synth({ routing: { resource: { aws_sns_topic: { finished: { nam: "x" } } } } });
    const { code } = await drift();
    expect(code).to.equal(1);
    const report = await testStage.read("drift", "drift.json").catch(() => "none");
    expect(report).to.equal("none");
  });
});
