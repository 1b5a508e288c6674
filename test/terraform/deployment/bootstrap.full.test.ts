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

const nothing = { add: 0, change: 0, remove: 0, import: 0 };

describe("bootstrap, on moto", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let environment: Readonly<Record<string, string>>;
  let app: StandInApp;
  let s3: S3Client;

  before(async () => {
    moto = await startMoto();
    provider = await startAwsProvider(motoEnvironment(moto));
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
  const bootstrap = async (say?: (line: string) => void): Promise<BootstrapResult> =>
    bootstrapStage(await order(say));
  const remoteState = async (): Promise<StoredState | undefined> => {
    const { directory } = await app.stack("state");
    const terraform = await openTerraform({ directory, environment });
    await terraform.init();
    return terraform.pullState();
  };
  const copies = () => readdir(app.folder);

  it("makes the stack and moves its state into the bucket it made; a second run changes nothing but removes a copy left over", async () => {
    const first = await bootstrap();
    const moved = await remoteState();
    // As a run leaves it that is killed before it removes the copy.
    const copy = await openWorkingCopy(await app.stack("state"), app.folder, {
      environment,
    });
    await copy.moveToLocal();
    const second = await bootstrap();

    expect(first).to.deep.equal({ bucket: stateBucket, outcome: "created", pendingChanges: nothing });
    expect(moved?.resourceCount).to.equal(2);
    expect(second).to.deep.equal({ bucket: stateBucket, outcome: "unchanged", pendingChanges: nothing });
    expect(await remoteState()).to.deep.equal(moved);
    expect(await copies()).to.deep.equal([]);
    const { directory } = await app.stack("state");
    expect(await readdir(directory)).to.have.members([".terraform", "cdk.tf.json", "reelway.tfplan"]);
  });

  it("makes what the code asks for since, and leaves what it would destroy to be asked about", async () => {
    await bootstrap();
    const parameter = { only: { name: "/more", type: "String", value: "more" } };
    await app.write("state", { resource: { ...stateStack.resource, aws_ssm_parameter: parameter } });

    const more = await bootstrap();
    await app.write("state", stateStack);
    const less = await bootstrap();

    expect(more).to.deep.equal({ bucket: stateBucket, outcome: "updated", pendingChanges: nothing });
    expect(less).to.deep.equal({
      bucket: stateBucket,
      outcome: "unchanged",
      pendingChanges: { ...nothing, remove: 1 },
    });
    expect((await remoteState())?.resourceCount).to.equal(3);
  });

  it("goes on where it was stopped, whichever step that was before", async () => {
    const stopAt = async (step: number): Promise<boolean> => {
      let told = 0;
      try {
        await bootstrap(() => {
          told += 1;
          if (told === step) throw new Error("stopped");
        });
        return false;
      } catch (cause) {
        expect(cause).to.have.property("message", "stopped");
        return true;
      }
    };

    // Each run is stopped one step later than the one before, on what that one left.
    let step = 1;
    while (await stopAt(step)) step += 1;

    expect(step).to.be.greaterThan(2);
    expect((await remoteState())?.resourceCount).to.equal(2);
    expect(await copies()).to.deep.equal([]);
    expect((await bootstrap()).outcome).to.equal("unchanged");
  });

  it("takes over an empty bucket that a killed run made before it noted so, but none with content", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: stateBucket }));
    await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: "film.mp4", Body: "film" }));
    const refused = await bootstrap().catch((cause: unknown) => cause);
    expect(refused).to.be.instanceOf(BucketInUseError);

    await s3.send(new DeleteObjectCommand({ Bucket: stateBucket, Key: "film.mp4" }));
    const said: string[] = [];
    const { outcome } = await bootstrap((line) => said.push(line));

    expect(outcome).to.equal("created");
    expect(said[0]).to.match(/earlier run was interrupted/);
    expect((await remoteState())?.resourceCount).to.equal(2);
  });
});
