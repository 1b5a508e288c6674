import {
  CancelJobCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  CreatePipelineCommand,
  ListJobsByPipelineCommand,
  ListPresetsCommand,
  ReadJobCommand,
  ReadPipelineCommand,
  ReadPresetCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import fc from "fast-check";
import { pipelineId, type Service, startService } from "./service.ts";

const web = "1351620000001-100070";
const request = (more: Partial<CreateJobCommandInput> = {}): CreateJobCommandInput => ({
  PipelineId: pipelineId,
  Input: { Key: "clip.mov" },
  Outputs: [{ Key: "clip.mp4", PresetId: web }],
  ...more,
});
const failure = async (call: Promise<unknown>): Promise<{ name: string; message: string }> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error("The call succeeded.");
};

describe("the transcoder API, through the real client", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  it("creates a job, kicks the dispatcher and reads it back", async () => {
    const kicked = service.kicks.length;
    const { Job: created } = await service.client().send(new CreateJobCommand(request()));
    const { Job: read } = await service.client().send(new ReadJobCommand({ Id: created?.Id }));
    expect(created?.Id).to.match(/^\d{13}-\w{6}$/);
    expect(created?.Arn).to.equal(`arn:aws:elastictranscoder:us-east-1:000000000000:job/${created?.Id}`);
    expect(read).to.deep.equal(created);
    expect(read?.Status).to.equal("Submitted");
    expect(read?.Output?.PresetId).to.equal(web);
    expect(service.kicks).to.have.length(kicked + 1);
  });

  it("answers the first job to a repeated reelway-job and attempt, and a new one to the next attempt", async () => {
    const ask = async (attempt: string) => {
      const UserMetadata = { "reelway-job": "a".repeat(52), "reelway-attempt": attempt };
      return (await service.client().send(new CreateJobCommand(request({ UserMetadata })))).Job?.Id;
    };
    const [first, again, next] = [await ask("1"), await ask("1"), await ask("2")];
    expect(again).to.equal(first);
    expect(next).not.to.equal(first);
  });

  it("takes the old single Output, and OutputKeyPrefix", async () => {
    const { Job: job } = await service.client().send(
      new CreateJobCommand({
        PipelineId: pipelineId,
        Input: { Key: "a.mov" },
        Output: { Key: "b.mp4", PresetId: web, Rotate: "90" },
        OutputKeyPrefix: "p/",
      }),
    );
    expect(job?.Outputs?.map(({ Key, Rotate }) => [Key, Rotate])).to.deep.equal([["b.mp4", "90"]]);
    expect(job?.OutputKeyPrefix).to.equal("p/");
  });

  it("cancels a Submitted job once", async () => {
    const { Job: job } = await service.client().send(new CreateJobCommand(request()));
    await service.client().send(new CancelJobCommand({ Id: job?.Id }));
    const { Job: read } = await service.client().send(new ReadJobCommand({ Id: job?.Id }));
    expect(read?.Status).to.equal("Canceled");
    const refused = await failure(service.client().send(new CancelJobCommand({ Id: job?.Id })));
    expect(refused.name).to.equal("ResourceInUseException");
  });

  it("lists the jobs of a pipeline in pages, in order of arrival", async () => {
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 55; count += 1)
      ids.push((await service.client().send(new CreateJobCommand(request()))).Job?.Id);
    const found: (string | undefined)[] = [];
    let PageToken: string | undefined;
    do {
      const page = await service
        .client()
        .send(new ListJobsByPipelineCommand({ PipelineId: pipelineId, Ascending: "true", PageToken }));
      found.push(...(page.Jobs ?? []).map(({ Id }) => Id));
      PageToken = page.NextPageToken;
    } while (PageToken !== undefined);
    expect(found.filter((id) => ids.includes(id))).to.deep.equal(ids);
    const refused = await failure(
      service.client().send(new ListJobsByPipelineCommand({ PipelineId: pipelineId, PageToken: "x" })),
    );
    expect(refused.name).to.equal("ValidationException");
  });

  it("lists 62 presets, either way round, and reads one by its retired id", async () => {
    const { Presets: presets = [] } = await service.client().send(new ListPresetsCommand({}));
    const { Presets: reversed = [] } = await service
      .client()
      .send(new ListPresetsCommand({ Ascending: "false" }));
    const { Preset: preset } = await service
      .client()
      .send(new ReadPresetCommand({ Id: "1351620000000-100070" }));
    expect(presets).to.have.length(62);
    expect(reversed[0]?.Id).to.equal(presets.at(-1)?.Id);
    expect(preset?.Id).to.equal(web);
    expect(preset?.Video?.Codec).to.equal("H.264");
  });

  it("reads its pipeline", async () => {
    const { Pipeline: read } = await service.client().send(new ReadPipelineCommand({ Id: pipelineId }));
    expect(read?.InputBucket).to.equal("input");
  });

  for (const [what, more, field] of [
    ["stitching", { Input: undefined, Inputs: [{ Key: "a" }, { Key: "b" }] }, "Inputs"],
    ["captions", { Outputs: [{ Key: "x", PresetId: web, Captions: {} }] }, "Captions"],
    ["playlists", { Playlists: [{ Name: "p", Format: "HLSv3", OutputKeys: ["x"] }] }, "Playlists"],
    [
      "thumbnails",
      { Outputs: [{ Key: "x", PresetId: web, ThumbnailPattern: "{count}" }] },
      "ThumbnailPattern",
    ],
    [
      "two outputs of one key",
      {
        Outputs: [
          { Key: "x", PresetId: web },
          { Key: "x", PresetId: web },
        ],
      },
      "Outputs",
    ],
    ["no input", { Input: undefined }, "Input"],
    [
      "too much metadata",
      { UserMetadata: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, ""])) },
      "UserMetadata",
    ],
  ] as const)
    it(`refuses ${what}, naming ${field}`, async () => {
      const body = request(more as Partial<CreateJobCommandInput>);
      const refused = await failure(service.client().send(new CreateJobCommand(body)));
      expect(refused.name).to.equal("ValidationException");
      expect(refused.message).to.contain(field);
    });

  it("says what it does not know", async () => {
    const missing = "9999999999999-zzzzzz";
    const calls = [
      service.client().send(new ReadJobCommand({ Id: missing })),
      service.client().send(new ReadPresetCommand({ Id: missing })),
      service.client().send(new ReadPipelineCommand({ Id: missing })),
      service.client().send(new CreateJobCommand(request({ Outputs: [{ Key: "x", PresetId: missing }] }))),
    ];
    const names = await Promise.all(calls.map(async (call) => (await failure(call)).name));
    for (const name of names) expect(name).to.equal("ResourceNotFoundException");
    expect((await failure(service.client().send(new ReadJobCommand({ Id: "x" })))).name).to.equal(
      "ValidationException",
    );
    const later = service
      .client()
      .send(new CreatePipelineCommand({ Name: "n", InputBucket: "i", OutputBucket: "o", Role: "r" }));
    expect((await failure(later)).name).to.equal("AccessDeniedException");
  });

  it("lets the read key read and nothing else", async () => {
    const reader = service.client({ accessKeyId: "READKEY", secretAccessKey: "read secret" });
    expect((await reader.send(new ListPresetsCommand({}))).Presets).to.have.length(62);
    expect((await failure(reader.send(new CreateJobCommand(request())))).name).to.equal(
      "AccessDeniedException",
    );
  });

  it("refuses a wrong key, a wrong secret and no signature at all", async () => {
    const stranger = service.client({ accessKeyId: "OTHER", secretAccessKey: "x" });
    const forger = service.client({ accessKeyId: "FULLKEY", secretAccessKey: "x" });
    const unsigned = await fetch(`${service.endpoint}/2012-09-25/presets`);
    expect((await failure(stranger.send(new ListPresetsCommand({})))).name).to.equal(
      "UnrecognizedClientException",
    );
    expect((await failure(forger.send(new ListPresetsCommand({})))).name).to.equal(
      "InvalidSignatureException",
    );
    expect(unsigned.status).to.equal(403);
    expect(unsigned.headers.get("x-amzn-errortype")).to.equal("MissingAuthenticationTokenException");
  });

  it("never answers 500, whatever the job asks for", async () => {
    const client = service.client();
    await fc.assert(
      fc.asyncProperty(fc.object({ maxDepth: 3 }), async (extra) => {
        const body = { ...request(), ...extra } as CreateJobCommandInput;
        if (typeof body.PipelineId !== "string") return;
        await client.send(new CreateJobCommand(body)).catch((error: unknown) => {
          if (!(error instanceof Error)) throw error;
          expect(error.name).not.to.equal("InternalServiceException");
        });
      }),
      { numRuns: 60 },
    );
    expect(service.logged).to.deep.equal([]);
  });
});
