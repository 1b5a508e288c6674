import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  DeploymentDeclinedError,
  type DeployOptions,
  deployStacks,
} from "../../../terraform/deployment/deploy.ts";
import {
  MissingStateBucketError,
  MissingStateError,
  StateLockedError,
} from "../../../terraform/runner/errors.ts";
import type { ResourceProgress } from "../../../terraform/runner/messages.ts";
import { openTerraform } from "../../../terraform/runner/terraform.ts";
import { type AwsProvider, startAwsProvider } from "../../apply/aws-provider.ts";
import { type Moto, startMoto } from "../../contract/moto.ts";
import {
  motoEnvironment,
  reference,
  remoteState,
  type StandInApp,
  type StandInStack,
  stateBucket,
  writeApp,
} from "../stand-in-app.ts";

const parameter = (name: string, value: string) => ({
  aws_ssm_parameter: { only: { name, type: "String", value } },
});
const storage: StandInStack = {
  resource: parameter("/storage", "films"),
  output: { name: { value: reference("aws_ssm_parameter.only.name") } },
};
const compute: StandInStack = {
  dependencies: ["storage"],
  variable: { worker_image: { type: "string" } },
  data: remoteState("storage"),
  resource: parameter(
    "/compute",
    `${reference("data.terraform_remote_state.storage.outputs.name")} ${reference("var.worker_image")}`,
  ),
};
const site: StandInStack = {
  resource: parameter("/site", "media.example.com"),
  output: {
    url: { value: "https://media.example.com" },
    secret: { value: "origin", sensitive: true },
  },
};
/** Applies until a file is there: made by builtin means, it needs no account. */
const buildWaitingStack = (file: string): StandInStack => ({
  resource: {
    terraform_data: {
      gate: { provisioner: { "local-exec": { command: `until [ -e '${file}' ]; do sleep 0.1; done` } } },
    },
  },
});

describe("deploy on moto", () => {
  let moto: Moto;
  let provider: AwsProvider;
  let environment: Readonly<Record<string, string>>;
  let s3: S3Client;
  let app: StandInApp;
  let folder: string;

  before(async () => {
    moto = await startMoto();
    provider = await startAwsProvider(motoEnvironment(moto), ["aws_ssm_parameter"]);
    environment = { ...motoEnvironment(moto), ...provider.environment };
    s3 = new S3Client(moto.client);
    folder = await mkdtemp(join(tmpdir(), "reelway-deploy-"));
    app = await writeApp({ storage, compute, site, waiting: buildWaitingStack(join(folder, "go")) });
  });
  after(async () => {
    s3.destroy();
    await Promise.all([moto.close(), provider.close()]);
    await app.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const deploy = async (
    names: readonly string[],
    more: Partial<DeployOptions> & { onProgress?: (progress: ResourceProgress) => void } = {},
  ) =>
    deployStacks({
      stacks: await Promise.all(names.map((name) => app.stack(name))),
      open: ({ directory }, variables) =>
        openTerraform({
          directory,
          environment: { ...environment, ...variables },
          ...(more.onProgress === undefined ? {} : { onProgress: more.onProgress }),
        }),
      confirm: async () => true,
      report: () => {},
      prepareImage: async () => ({ TF_VAR_worker_image: "worker@sha256:1" }),
      ...more,
    });
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (cause: unknown) => cause,
    );

  it("asks for the bootstrap if no bucket holds the state", async () => {
    const failed = await failure(deploy(["storage"]));

    expect(failed)
      .to.be.instanceOf(MissingStateBucketError)
      .with.property("message")
      .that.includes("npx reelway bootstrap");
    await s3.send(new CreateBucketCommand({ Bucket: stateBucket }));
  });

  it("names the missing stack to deploy first", async () => {
    const failed = await failure(deploy(["compute"]));

    expect(failed).to.be.instanceOf(MissingStateError).with.property("upstream", "storage");
  });

  it("changes nothing without confirmation", async () => {
    const failed = await failure(deploy(["storage"], { confirm: async () => false }));

    expect(failed).to.be.instanceOf(DeploymentDeclinedError);
    const again = await failure(deploy(["compute"]));
    expect(again).to.be.instanceOf(MissingStateError);
  });

  it("applies what was shown, stack by stack, and finds no changes afterwards", async () => {
    const lines: string[] = [];
    const questions: string[] = [];
    const steps: string[] = [];
    const order = {
      report: (line: string) => lines.push(line),
      confirm: async (question: string) => questions.push(question) > 0,
      prepareImage: async () => {
        steps.push("image");
        return { TF_VAR_worker_image: "worker@sha256:1" };
      },
    };

    const first = await deploy(["storage", "compute"], order);
    const second = await deploy(["storage", "compute"], order);

    const counts = (add: number) => ({ add, change: 0, remove: 0, import: 0 });
    expect(first).to.deep.equal([
      { name: "dev-storage", counts: counts(1), outcome: "applied" },
      { name: "dev-compute", counts: counts(1), outcome: "applied" },
    ]);
    expect(second.map(({ outcome }) => outcome)).to.deep.equal(["unchanged", "unchanged"]);
    expect(questions).to.deep.equal([
      "Apply these changes to dev-storage?",
      "Apply these changes to dev-compute?",
    ]);
    expect(steps).to.deep.equal(["image", "image"]);
    expect(lines).to.include("dev-storage: 1 to add, 0 to change, 0 to destroy.");
    expect(lines).to.include("dev-compute: no changes.");
  });

  it("returns the addresses of the site, without sensitive outputs", async () => {
    const [result] = await deploy(["site"]);

    expect(result?.outputs).to.deep.equal({ url: "https://media.example.com" });
  });

  it("shows updates and replacements before it asks", async () => {
    await app.writeStack("storage", { ...storage, resource: parameter("/moved", "films") });
    const lines: string[] = [];

    await deploy(["storage"], { report: (line) => lines.push(line), confirm: async () => false }).catch(
      () => {},
    );
    await app.writeStack("storage", storage);

    expect(lines).to.satisfy((lines: readonly string[]) =>
      lines.some((line) => line.startsWith("  ! replace aws_ssm_parameter.only (") && line.includes("name")),
    );
  });

  it("names an output that the previous stack does not have yet", async () => {
    const newer = reference("data.terraform_remote_state.storage.outputs.arn");
    await app.writeStack("compute", { ...compute, resource: parameter("/compute", newer) });

    const failed = await failure(deploy(["compute"]));
    await app.writeStack("compute", compute);

    expect(failed).to.be.instanceOf(MissingStateError);
    expect(failed).to.include({ upstream: "storage", output: "arn" });
  });

  it("reports the lock holder and time to the second of two deployments", async () => {
    const began = Date.now();
    let first: ReturnType<typeof deploy> | undefined;
    await new Promise<void>((isLocked, reject) => {
      first = deploy(["waiting"], {
        onProgress: ({ step, address }) => {
          if (step === "started" && address === "terraform_data.gate") isLocked();
        },
      });
      first.catch(reject);
    });

    const second = await failure(deploy(["waiting"]));
    await writeFile(join(folder, "go"), "");

    expect(second).to.be.instanceOf(StateLockedError);
    if (!(second instanceof StateLockedError)) return;
    expect(second.operation).to.equal("apply");
    expect(second.who).to.match(/.+@.+/);
    expect(second.message).to.include(`terraform force-unlock ${second.id}`);
    expect(second.created?.getTime()).to.be.within(began - 1000, Date.now());
    expect((await first)?.[0]?.outcome).to.equal("applied");
  });
});
