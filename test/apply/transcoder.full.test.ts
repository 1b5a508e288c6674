import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreatePipelineCommand,
  CreatePresetCommand,
  DeletePipelineCommand,
  DeletePresetCommand,
  ElasticTranscoderClient,
  ListPipelinesCommand,
  ListPresetsCommand,
  ReadPipelineCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import * as z from "zod";
import { type Moto, startMoto } from "../contract/moto.ts";
import { type RunningRuntime, startReelway } from "../e2e/program.ts";
import { type AwsProvider, startAwsProvider } from "./aws-provider.ts";
import { openTerraform, type Terraform } from "./terraform.ts";
import { fullConfiguration, minimalConfiguration } from "./transcoder-configuration.ts";

const keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

describe("Terraform as a client of the transcoder's API", () => {
  let folder: string;
  let runtime: RunningRuntime;
  let moto: Moto;
  let provider: AwsProvider;
  let key: z.infer<typeof keys>;
  let client: ElasticTranscoderClient;
  let terraform: Terraform;
  const endpoints = () => ({
    transcoder: `http://127.0.0.1:${runtime.port}`,
    secretsManager: moto.client.endpoint,
    secret: "transcoder-keys",
  });
  const pipelines = async () => {
    const { Pipelines = [] } = await client.send(new ListPipelinesCommand({}));
    return Object.fromEntries(Pipelines.map(({ Name = "", Id = "" }) => [Name, Id]));
  };
  const customPresets = async () => {
    const { Presets = [] } = await client.send(new ListPresetsCommand({}));
    return Presets.filter(({ Type }) => Type === "Custom").length;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-apply-"));
    [runtime, moto] = await Promise.all([startReelway(join(folder, "data")), startMoto()]);
    const text = await readFile(join(folder, "data", "transcoder-keys.json"), "utf8");
    key = keys.parse(JSON.parse(text));
    client = new ElasticTranscoderClient({
      region: "us-east-1",
      endpoint: endpoints().transcoder,
      credentials: key,
    });
    await new SecretsManagerClient(moto.client).send(
      new CreateSecretCommand({ Name: endpoints().secret, SecretString: text }),
    );
    provider = await startAwsProvider({ AWS_EC2_METADATA_DISABLED: "true" }, [
      "aws_elastictranscoder_pipeline",
      "aws_elastictranscoder_preset",
      "aws_secretsmanager_secret_version",
    ]);
    terraform = await openTerraform(
      join(folder, "full"),
      fullConfiguration(endpoints()),
      provider.environment,
    );
  });
  after(async () => {
    runtime.child.kill("SIGTERM");
    await Promise.all([runtime.exited, moto.close(), provider.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it("creates pipelines and presets, plans no difference and stores no keys", async () => {
    expect(await terraform.apply()).to.deep.equal({
      "aws_elastictranscoder_pipeline.full": "create",
      "aws_elastictranscoder_pipeline.minimal": "create",
      "aws_elastictranscoder_preset.full": "create",
      "aws_elastictranscoder_preset.lossless": "create",
      "aws_elastictranscoder_preset.minimal": "create",
      "aws_elastictranscoder_preset.sized": "create",
    });
    expect(await terraform.difference()).to.equal("");
    const planAndState = await terraform.readPlanAndState();
    expect(
      planAndState.split("full-of-settings").length,
      "the state and the plan are looked through",
    ).to.be.above(2);
    expect(planAndState).not.to.include(key.accessKeyId);
    expect(planAndState).not.to.include(key.secretAccessKey);
  });

  it("updates a pipeline in place", async () => {
    const { "full-of-settings": id } = await pipelines();
    const changed = { role: "other", topic: "finished", storage: "ReducedRedundancy", grant: "FullControl" };
    expect(await terraform.apply(changed)).to.deep.equal({ "aws_elastictranscoder_pipeline.full": "update" });
    expect(await terraform.difference(changed)).to.equal("");
    const { Pipeline } = await client.send(new ReadPipelineCommand({ Id: id }));
    expect(Pipeline).to.deep.include({
      Name: "full-of-settings",
      Role: "arn:aws:iam::123456789012:role/other",
      Notifications: {
        Progressing: "",
        Completed: "arn:aws:sns:us-east-1:000000000000:finished",
        Warning: "",
        Error: "arn:aws:sns:us-east-1:000000000000:failed",
      },
      ContentConfig: {
        Bucket: "films",
        StorageClass: "ReducedRedundancy",
        Permissions: [{ GranteeType: "Group", Grantee: "AllUsers", Access: ["FullControl"] }],
      },
    });
  });

  it("imports existing resources without a difference", async () => {
    const { Pipeline } = await client.send(
      new CreatePipelineCommand({
        Name: "minimal",
        InputBucket: "input",
        OutputBucket: "output",
        Role: "arn:aws:iam::123456789012:role/transcoder",
      }),
    );
    const { Preset } = await client.send(
      new CreatePresetCommand({
        Name: "made elsewhere",
        Container: "mp3",
        Audio: {
          AudioPackingMode: "SingleTrack",
          BitRate: "320",
          Channels: "2",
          Codec: "mp3",
          SampleRate: "44100",
        },
      }),
    );
    const other = await openTerraform(
      join(folder, "import"),
      minimalConfiguration(endpoints()),
      provider.environment,
    );
    await other.import("aws_elastictranscoder_pipeline.minimal", Pipeline?.Id ?? "");
    await other.import("aws_elastictranscoder_preset.minimal", Preset?.Id ?? "");
    expect(await other.difference()).to.equal("");
    await client.send(new DeletePipelineCommand({ Id: Pipeline?.Id }));
    await client.send(new DeletePresetCommand({ Id: Preset?.Id }));
  });

  it("destroys only what it created", async () => {
    expect(Object.keys(await pipelines())).to.have.members(["reelway", "minimal", "full-of-settings"]);
    await terraform.destroy();
    expect(Object.keys(await pipelines())).to.deep.equal(["reelway"]);
    expect(await customPresets()).to.equal(0);
  });
});
