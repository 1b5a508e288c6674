import { readdir } from "node:fs/promises";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  type BootstrapOptions,
  type BootstrapResult,
  BucketInUseError,
  bootstrapStage,
} from "../../../terraform/deployment/bootstrap.ts";
import { openWorkingCopy } from "../../../terraform/deployment/working-copy.ts";
import type { StoredState } from "../../../terraform/runner/state.ts";
import { openTerraform } from "../../../terraform/runner/terraform.ts";
import { type AwsProvider, startAwsProvider } from "../../apply/aws-provider.ts";
import { type Moto, startMoto } from "../../contract/moto.ts";
import { motoEnvironment, type StandInApp, stateBucket, stateStack, writeApp } from "../stand-in-app.ts";

const noChanges = { add: 0, change: 0, remove: 0, import: 0 };

describe("bootstrap on moto", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let environment: Readonly<Record<string, string>>;
  let app: StandInApp;
  let s3: S3Client;

  before(async () => {
    moto = await startMoto();
    provider = await startAwsProvider(motoEnvironment(moto), [
      "aws_s3_bucket",
      "aws_s3_bucket_versioning",
      "aws_ssm_parameter",
    ]);
    environment = { ...motoEnvironment(moto), ...provider.environment };
    s3 = new S3Client(moto.client);
  });
  after(async () => {
    s3.destroy();
    await Promise.all([moto.close(), provider.close()]);
  });
  beforeEach(async () => {
    await moto.reset();
    app = await writeApp({ state: stateStack });
  });
  afterEach(() => app.remove());

  const order = async (report: (line: string) => void = () => {}): Promise<BootstrapOptions> => ({
    stack: await app.stack("state"),
    bucket: stateBucket,
    workingDirectory: app.folder,
    s3,
    report,
    environment,
  });
  const bootstrap = async (report?: (line: string) => void): Promise<BootstrapResult> =>
    bootstrapStage(await order(report));
  const remoteState = async (): Promise<StoredState | undefined> => {
    const { directory } = await app.stack("state");
    const terraform = await openTerraform({ directory, environment });
    await terraform.init();
    return terraform.pullState();
  };
  const copies = () => readdir(app.folder);

  it("creates the stack and migrates its state; a second run only removes a leftover copy", async () => {
    const first = await bootstrap();
    const moved = await remoteState();
    // As left by a run that is killed before it removes the copy.
    const copy = await openWorkingCopy(await app.stack("state"), app.folder, {
      environment,
    });
    await copy.moveToLocal();
    const second = await bootstrap();

    expect(first).to.deep.equal({ bucket: stateBucket, outcome: "created", pendingChanges: noChanges });
    expect(moved?.resourceCount).to.equal(2);
    expect(second).to.deep.equal({ bucket: stateBucket, outcome: "unchanged", pendingChanges: noChanges });
    expect(await remoteState()).to.deep.equal(moved);
    expect(await copies()).to.deep.equal([]);
    const { directory } = await app.stack("state");
    expect(await readdir(directory)).to.have.members([".terraform", "cdk.tf.json", "reelway.tfplan"]);
  });

  it("creates new resources, and asks before it destroys others", async () => {
    await bootstrap();
    const parameter = { only: { name: "/more", type: "String", value: "more" } };
    await app.writeStack("state", { resource: { ...stateStack.resource, aws_ssm_parameter: parameter } });

    const more = await bootstrap();
    await app.writeStack("state", stateStack);
    const less = await bootstrap();

    expect(more).to.deep.equal({ bucket: stateBucket, outcome: "updated", pendingChanges: noChanges });
    expect(less).to.deep.equal({
      bucket: stateBucket,
      outcome: "unchanged",
      pendingChanges: { ...noChanges, remove: 1 },
    });
    expect((await remoteState())?.resourceCount).to.equal(3);
  });

  it("resumes after a stop at any step", async () => {
    const stopAt = async (step: number): Promise<boolean> => {
      let stoppedSteps = 0;
      try {
        await bootstrap(() => {
          stoppedSteps += 1;
          if (stoppedSteps === step) throw new Error("stopped");
        });
        return false;
      } catch (cause) {
        expect(cause).to.have.property("message", "stopped");
        return true;
      }
    };

    // Each run stops one step later than the previous one and continues from its result.
    let step = 1;
    while (await stopAt(step)) step += 1;

    expect(step).to.be.greaterThan(2);
    expect((await remoteState())?.resourceCount).to.equal(2);
    expect(await copies()).to.deep.equal([]);
    expect((await bootstrap()).outcome).to.equal("unchanged");
  });

  it("takes over an empty bucket of a killed run, and no other", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: stateBucket }));
    await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: "film.mp4", Body: "film" }));
    const refused = await bootstrap().catch((cause: unknown) => cause);
    expect(refused).to.be.instanceOf(BucketInUseError);

    await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key: "film.mp4" }));
    const lines: string[] = [];
    const { outcome } = await bootstrap((line) => lines.push(line));

    expect(outcome).to.equal("created");
    expect(lines[0]).to.match(/earlier run was interrupted/);
    expect((await remoteState())?.resourceCount).to.equal(2);
  });
});
