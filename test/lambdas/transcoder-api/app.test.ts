import { type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import {
  CancelJobCommand,
  CreateJobCommand,
  type CreateJobCommandInput,
  ListJobsByPipelineCommand,
  ListPresetsCommand,
  ReadJobCommand,
  ReadPipelineCommand,
  ReadPresetCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { failure } from "./failure.ts";
import { pipelineId, type Service, startService } from "./service.ts";
import { createSigner } from "./signed-fetch.ts";

const web = "1351620000001-100070";
const createJob = (more: Partial<CreateJobCommandInput> = {}): CreateJobCommandInput => ({
  PipelineId: pipelineId,
  Input: { Key: "clip.mov" },
  Outputs: [{ Key: "clip.mp4", PresetId: web }],
  ...more,
});
describe("the transcoder API through the real client", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  it("creates a job, wakes the dispatcher and returns the job", async () => {
    const dispatchCount = service.dispatchRequests.length;
    const { Job: created } = await service.client().send(new CreateJobCommand(createJob()));
    const { Job: read } = await service.client().send(new ReadJobCommand({ Id: created?.Id }));
    expect(created?.Id).to.match(/^\d{13}-\w{6}$/);
    expect(created?.Arn).to.equal(`arn:aws:elastictranscoder:us-east-1:000000000000:job/${created?.Id}`);
    expect(read).to.deep.equal(created);
    expect(read?.Status).to.equal("Submitted");
    expect(read?.Output?.PresetId).to.equal(web);
    expect(service.dispatchRequests).to.have.length(dispatchCount + 1);
  });

  it("returns the first job for a repeated reelway-job and attempt, and a new one for the next attempt", async () => {
    const createForAttempt = async (attempt: string) => {
      const UserMetadata = { "reelway-job": "a".repeat(52), "reelway-attempt": attempt };
      return (await service.client().send(new CreateJobCommand(createJob({ UserMetadata })))).Job?.Id;
    };
    const [first, again, next] = [
      await createForAttempt("1"),
      await createForAttempt("1"),
      await createForAttempt("2"),
    ];
    expect(again).to.equal(first);
    expect(next).not.to.equal(first);
  });

  it("accepts the legacy Output and OutputKeyPrefix", async () => {
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
    const { Job: job } = await service.client().send(new CreateJobCommand(createJob()));
    await service.client().send(new CancelJobCommand({ Id: job?.Id }));
    const { Job: read } = await service.client().send(new ReadJobCommand({ Id: job?.Id }));
    expect(read?.Status).to.equal("Canceled");
    const refused = await failure(service.client().send(new CancelJobCommand({ Id: job?.Id })));
    expect(refused.name).to.equal("ResourceInUseException");
  });

  it("lists the jobs of a pipeline in pages, in order of arrival", async () => {
    const ids: (string | undefined)[] = [];
    for (let count = 0; count < 55; count += 1)
      ids.push((await service.client().send(new CreateJobCommand(createJob()))).Job?.Id);
    const jobIds: (string | undefined)[] = [];
    let PageToken: string | undefined;
    do {
      const page = await service
        .client()
        .send(new ListJobsByPipelineCommand({ PipelineId: pipelineId, Ascending: "true", PageToken }));
      jobIds.push(...(page.Jobs ?? []).map(({ Id }) => Id));
      PageToken = page.NextPageToken;
    } while (PageToken !== undefined);
    expect(jobIds.filter((id) => ids.includes(id))).to.deep.equal(ids);
    const refused = await failure(
      service.client().send(new ListJobsByPipelineCommand({ PipelineId: pipelineId, PageToken: "x" })),
    );
    expect(refused.name).to.equal("ValidationException");
  });

  it("lists 62 presets in either order and reads one by its retired id", async () => {
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

  it("names missing resources", async () => {
    const missing = "9999999999999-zzzzzz";
    const client = service.client();
    const calls = [
      client.send(new ReadJobCommand({ Id: missing })),
      client.send(new CancelJobCommand({ Id: missing })),
      client.send(new ReadPresetCommand({ Id: missing })),
      client.send(new ReadPipelineCommand({ Id: missing })),
      client.send(new ListJobsByPipelineCommand({ PipelineId: missing })),
      client.send(new CreateJobCommand(createJob({ PipelineId: missing }))),
      client.send(new CreateJobCommand(createJob({ Outputs: [{ Key: "x", PresetId: missing }] }))),
    ];
    const names = await Promise.all(calls.map(async (call) => (await failure(call)).name));
    for (const name of names) expect(name).to.equal("ResourceNotFoundException");
    expect((await failure(client.send(new ReadJobCommand({ Id: "x" })))).name).to.equal(
      "ValidationException",
    );
  });

  it("allows read operations only with the read key", async () => {
    const reader = service.client({ accessKeyId: "READKEY", secretAccessKey: "read secret" });
    expect((await reader.send(new ListPresetsCommand({}))).Presets).to.have.length(62);
    expect((await failure(reader.send(new CreateJobCommand(createJob())))).name).to.equal(
      "AccessDeniedException",
    );
  });

  it("rejects a wrong key, a wrong secret and a missing signature", async () => {
    const unknownKey = service.client({ accessKeyId: "OTHER", secretAccessKey: "x" });
    const forger = service.client({ accessKeyId: "FULLKEY", secretAccessKey: "x" });
    const unsigned = await fetch(`${service.endpoint}/2012-09-25/presets`);
    expect((await failure(unknownKey.send(new ListPresetsCommand({})))).name).to.equal(
      "UnrecognizedClientException",
    );
    expect((await failure(forger.send(new ListPresetsCommand({})))).name).to.equal(
      "InvalidSignatureException",
    );
    expect(unsigned.status).to.equal(403);
    expect(unsigned.headers.get("x-amzn-errortype")).to.equal("MissingAuthenticationTokenException");
  });

  it("accepts a key of a later rotation with a valid signature", async () => {
    const rotated = service.client({ accessKeyId: "FRESHKEY", secretAccessKey: "fresh secret" });
    const forger = service.client({ accessKeyId: "FRESHKEY", secretAccessKey: "x" });
    expect((await rotated.send(new ListPresetsCommand({}))).Presets).to.have.length.above(60);
    expect((await failure(forger.send(new ListPresetsCommand({})))).name).to.equal(
      "InvalidSignatureException",
    );
  });

  it("rejects old requests, other services and a body that was not signed", async () => {
    const minutes = 60_000;
    const body = createJob();
    for (const [options, type] of [
      [{ now: Date.now() - 6 * minutes }, "InvalidSignatureException"],
      [{ now: Date.now() + 6 * minutes }, "InvalidSignatureException"],
      [{ service: "s3" }, "InvalidSignatureException"],
      [{ forgedBody: "{}" }, "InvalidSignatureException"],
      [{ accessKeyId: "OTHER" }, "UnrecognizedClientException"],
    ] as const) {
      const answer = await createSigner(service.endpoint, options)("POST", "/jobs", body);
      expect(answer, JSON.stringify(options)).to.include({ status: 403, type });
    }
    for (const now of [Date.now() - 4 * minutes, Date.now() + 4 * minutes])
      expect((await createSigner(service.endpoint, { now })("POST", "/jobs", body)).status).to.equal(201);
  });

  it("names an unsupported operation", async () => {
    expect(await createSigner(service.endpoint)("PATCH", "/jobs")).to.include({
      status: 404,
      type: "UnknownOperationException",
    });
  });

  it("rejects a body that is not JSON", async () => {
    const call = createSigner(service.endpoint);
    for (const body of ["{", ""])
      expect(await call("POST", "/jobs", body)).to.include({ status: 400, type: "ValidationException" });
  });

  it("rejects a body over 1 MiB with 413, signed or not, with or without a length", async () => {
    /** On its own connection: the server closes it if it has not read the whole body. */
    const post = (body: string, headers: OutgoingHttpHeaders) =>
      new Promise<{ status: number | undefined; type: unknown; body: string }>((resolve, reject) => {
        const sent = request(
          `${service.endpoint}/2012-09-25/jobs`,
          { method: "POST", headers, agent: false },
          (answer) =>
            text(answer).then(
              (read) =>
                resolve({
                  status: answer.statusCode,
                  type: answer.headers["x-amzn-errortype"],
                  body: read,
                }),
              reject,
            ),
        );
        sent.on("error", reject).end(body);
      });
    const refused = { status: 413, type: "RequestEntityTooLargeException" };
    const longBody = "x".repeat((1 << 20) + 1);
    expect(await createSigner(service.endpoint)("POST", "/jobs", longBody)).to.include(refused);
    for (const headers of [{ "content-length": longBody.length }, { "transfer-encoding": "chunked" }]) {
      const answer = await post(longBody, headers);
      expect(answer).to.include(refused);
      expect(JSON.parse(answer.body).message).to.include("1048576 bytes");
    }
    expect((await post(longBody.slice(1), { "content-length": longBody.length - 1 })).status).to.equal(403);
  });
});
