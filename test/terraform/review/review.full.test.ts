import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { toPlainText } from "../../../terraform/review/phrase.ts";
import { renderReview } from "../../../terraform/review/render.ts";
import { type Review, reviewPlan } from "../../../terraform/review/review.ts";
import { buildReviewDocument } from "../../../terraform/review/review-document.ts";
import { openTerraform } from "../../../terraform/runner/terraform.ts";
import { type Moto, startMoto } from "../../contract/moto.ts";
import { changedConfiguration, firstConfiguration } from "./changing-configuration.ts";
import { policy } from "./plans.ts";

const account = "123456789012";

describe("reviews of real Terraform plans", () => {
  let moto: Moto;
  let folder: string;
  let first: Review;
  let unchanged: Review;
  let changed: Review;

  before(async () => {
    [moto, folder] = await Promise.all([startMoto(), mkdtemp(join(tmpdir(), "reelway-review-"))]);
    const write = (configuration: string) => writeFile(join(folder, "main.tf.json"), configuration);
    await write(firstConfiguration);
    const terraform = await openTerraform({
      directory: folder,
      environment: {
        AWS_ENDPOINT_URL: moto.client.endpoint,
        AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    const plan = async () => {
      const { planPath } = await terraform.plan();
      return { planPath, review: reviewPlan(await terraform.show(planPath), { name: "dev" }) };
    };
    await terraform.init();
    const one = await plan();
    first = one.review;
    await terraform.apply(one.planPath);
    unchanged = (await plan()).review;
    // Outside Terraform: a slower queue, and a policy that allows everything.
    const queues = new SQSClient(moto.client);
    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: "uploads" }));
    await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "30" } }));
    const allowAll = policy({ Action: "*", Resource: "*" });
    await new IAMClient(moto.client).send(
      new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "backdoor", PolicyDocument: allowAll }),
    );
    await new S3Client(moto.client).send(new CreateBucketCommand({ Bucket: "taken-over" }));
    await write(changedConfiguration);
    changed = (await plan()).review;
  });
  after(async () => {
    await moto.close();
    await rm(folder, { recursive: true, force: true });
  });

  const access = ({ access: changes }: Review) => changes.map(({ sentence }) => toPlainText(sentence));

  it("name who gets access to resources without a known ARN", () => {
    expect(first.counts).to.deep.include({ create: 6, update: 0, replace: 0, delete: 0 });
    expect(access(first)).to.have.members([
      "Role worker may now be assumed by service ecs-tasks.amazonaws.com",
      "Role worker may now sqs:ReceiveMessage on aws_sqs_queue.uploads.arn",
    ]);
  });

  it("are empty after an apply", () => {
    const { resources, drift, accessDrift, outputs } = unchanged;
    expect({
      resources,
      access: access(unchanged),
      drift,
      driftedAccess: accessDrift,
      outputs,
    }).to.deep.equal({
      resources: [],
      access: [],
      drift: [],
      driftedAccess: [],
      outputs: [],
    });
  });

  it("count a change of every kind", () => {
    expect(changed.counts).to.deep.equal({
      create: 2,
      update: 2,
      replace: 2,
      delete: 1,
      import: 1,
      move: 1,
      forget: 0,
      read: 0,
    });
  });

  it("name the attribute that forces each replacement, and other reasons", () => {
    const forced = changed.resources
      .filter(({ action }) => action === "replace" || action === "delete")
      .map(({ address, reason, attributes }) => [
        address,
        reason,
        attributes
          .filter(({ forcesReplacement }) => forcesReplacement)
          .map(({ path, before, after }) => [path, before, after]),
      ]);
    expect(forced).to.have.deep.members([
      ["aws_s3_bucket.media", undefined, [["bucket", "media-one", "media-two"]]],
      ["aws_dynamodb_table.jobs", undefined, [["hash_key", "id", "key"]]],
      ["aws_s3_bucket.old", "it was removed from the configuration", []],
    ]);
    expect(changed.blockedAddresses).to.have.members([
      "aws_s3_bucket.media",
      "aws_dynamodb_table.jobs",
      "aws_s3_bucket.old",
    ]);
  });

  it("list added and removed permissions of the role, with known ARNs", () => {
    const queue = `arn:aws:sqs:us-east-1:${account}:uploads`;
    expect(access(changed)).to.have.members([
      `Role worker may now sqs:DeleteMessage on ${queue}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference as it is written
      "Role worker may now s3:GetObject on ${aws_s3_bucket.media.arn}/*",
      `Role worker may no longer sqs:ReceiveMessage on ${queue}`,
    ]);
  });

  it("list moves and imports", () => {
    const relocations = changed.resources.flatMap(({ address, movedFrom, importedId }) =>
      movedFrom === undefined && importedId === undefined ? [] : [[address, movedFrom, importedId]],
    );
    expect(relocations).to.have.deep.members([
      ["aws_sqs_queue.arrivals", "aws_sqs_queue.uploads", undefined],
      ["aws_s3_bucket.taken", undefined, "taken-over"],
    ]);
  });

  it("separate drift, with what the plan does about it", () => {
    expect(
      changed.drift.map(({ address, attributes, plannedAction }) => [
        address,
        attributes.map(({ path }) => path),
        plannedAction,
      ]),
    ).to.have.deep.members([
      ["aws_sqs_queue.arrivals", ["delay_seconds"], "reverted"],
      ["aws_iam_role.worker", ['inline_policy["backdoor"]'], "accepted"],
    ]);
    expect(changed.accessDrift.map(({ sentence }) => toPlainText(sentence))).to.deep.equal([
      "Role worker may now do everything on every resource",
    ]);
  });

  it("contain no secret", () => {
    const rendered = renderReview([changed]) + JSON.stringify(buildReviewDocument([changed]));
    expect(rendered).to.include("aws_secretsmanager_secret_version.keys").and.not.to.include("hunter2-4711");
    expect(changed.outputs.map(({ name }) => name)).to.have.members(["token", "url"]);
  });
});
