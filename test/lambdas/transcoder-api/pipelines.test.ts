import {
  CreateJobCommand,
  CreatePipelineCommand,
  type CreatePipelineCommandInput,
  DeletePipelineCommand,
  ListJobsByStatusCommand,
  ListPipelinesCommand,
  ReadPipelineCommand,
  TestRoleCommand,
  UpdatePipelineCommand,
  UpdatePipelineNotificationsCommand,
  UpdatePipelineStatusCommand,
} from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { failure } from "./failure.ts";
import { type Service, startService } from "./service.ts";

const Role = "arn:aws:iam::123456789012:role/transcoder";
const web = "1351620000001-100070";
const topic = "arn:aws:sns:us-east-1:123456789012:done";

describe("the transcoder API's pipelines through the real client", () => {
  let service: Service;
  beforeEach(async () => {
    service = await startService();
  });
  afterEach(() => service.close());

  const create = async (more: Partial<CreatePipelineCommandInput> = {}) => {
    const input = { Name: "films", InputBucket: "in", OutputBucket: "out", Role, ...more };
    const { Pipeline } = await service.client().send(new CreatePipelineCommand(input));
    if (Pipeline?.Id === undefined) throw new Error("no pipeline");
    return { ...Pipeline, Id: Pipeline.Id };
  };

  it("creates one from the short form and returns both configurations", async () => {
    const pipeline = await create();
    const { Pipeline: read, Warnings } = await service
      .client()
      .send(new ReadPipelineCommand({ Id: pipeline.Id }));
    expect(read).to.deep.equal(pipeline);
    expect(Warnings).to.deep.equal([]);
    expect(pipeline.Id).to.match(/^\d{13}-\w{6}$/);
    expect(pipeline).to.deep.include({
      Arn: `arn:aws:elastictranscoder:us-east-1:000000000000:pipeline/${pipeline.Id}`,
      Status: "Active",
      OutputBucket: "out",
      ContentConfig: { Bucket: "out", StorageClass: "Standard", Permissions: [] },
      ThumbnailConfig: { Bucket: "out", StorageClass: "Standard", Permissions: [] },
      Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
    });
  });

  it("creates one with a bucket, a storage class and grants per kind of file", async () => {
    const Permissions = [{ GranteeType: "Group", Grantee: "AllUsers", Access: ["Read"] }];
    const ContentConfig = { Bucket: "films", StorageClass: "ReducedRedundancy", Permissions };
    const ThumbnailConfig = { Bucket: "stills" };
    const pipeline = await create({ OutputBucket: undefined, ContentConfig, ThumbnailConfig });
    expect(pipeline.OutputBucket).to.equal(undefined);
    expect(pipeline.ContentConfig).to.deep.equal(ContentConfig);
    expect(pipeline.ThumbnailConfig).to.deep.equal({
      Bucket: "stills",
      StorageClass: "Standard",
      Permissions: [],
    });
  });

  it("updates the given fields and keeps the rest", async () => {
    const { Id } = await create();
    const client = service.client();
    const notifications = { Progressing: "", Completed: topic, Warning: "", Error: "" };
    await client.send(new UpdatePipelineCommand({ Id, Name: "series", InputBucket: "other" }));
    await client.send(new UpdatePipelineNotificationsCommand({ Id, Notifications: notifications }));
    const dispatchCount = service.dispatchRequests.length;
    await client.send(new UpdatePipelineStatusCommand({ Id, Status: "Paused" }));
    await client.send(new UpdatePipelineStatusCommand({ Id, Status: "Active" }));
    const { Pipeline } = await client.send(new ReadPipelineCommand({ Id }));
    expect(Pipeline).to.deep.include({
      Name: "series",
      InputBucket: "other",
      OutputBucket: "out",
      Role,
      Notifications: notifications,
      Status: "Active",
    });
    expect(service.dispatchRequests).to.have.length(dispatchCount + 1);
  });

  it("deletes one without open jobs", async () => {
    const { Id } = await create();
    const client = service.client();
    await client.send(new UpdatePipelineStatusCommand({ Id, Status: "Paused" }));
    const { Job } = await client.send(
      new CreateJobCommand({ PipelineId: Id, Input: { Key: "a" }, Output: { Key: "b", PresetId: web } }),
    );
    const inUse = await failure(client.send(new DeletePipelineCommand({ Id })));
    await service.store.cancel(Job?.Id ?? "");
    await client.send(new DeletePipelineCommand({ Id }));
    const readFailure = await failure(client.send(new ReadPipelineCommand({ Id })));
    expect({ inUseName: inUse.name, goneName: readFailure.name }).to.deep.equal({
      inUseName: "ResourceInUseException",
      goneName: "ResourceNotFoundException",
    });
    expect((await failure(client.send(new DeletePipelineCommand({ Id })))).name).to.equal(
      "ResourceNotFoundException",
    );
  });

  it("lists them in pages, oldest or newest first, and stores at most a hundred", async () => {
    const ids: (string | undefined)[] = [];
    for (let count = 1; count < 100; count += 1) ids.push((await create()).Id);
    const client = service.client();
    const first = await client.send(new ListPipelinesCommand({}));
    const second = await client.send(new ListPipelinesCommand({ PageToken: first.NextPageToken }));
    const newest = await client.send(new ListPipelinesCommand({ Ascending: "false" }));
    const pipelineIds = [...(first.Pipelines ?? []), ...(second.Pipelines ?? [])].map(({ Id }) => Id);
    expect(pipelineIds.slice(1).sort()).to.deep.equal([...ids].sort());
    expect(newest.Pipelines?.map(({ Id }) => Id)).to.deep.equal([...pipelineIds].reverse().slice(0, 50));
    expect(second.NextPageToken).to.equal(undefined);
    expect((await failure(create())).name).to.equal("LimitExceededException");
  });

  it("lists the jobs of a status across all pipelines", async () => {
    const client = service.client();
    const ids: (string | undefined)[] = [];
    for (const { Id } of [await create(), await create()]) {
      const job = { PipelineId: Id, Input: { Key: "a" }, Output: { Key: "b", PresetId: web } };
      ids.push((await client.send(new CreateJobCommand(job))).Job?.Id);
    }
    const list = async (Status: string) =>
      (await client.send(new ListJobsByStatusCommand({ Status }))).Jobs?.map(({ Id }) => Id);
    await service.store.cancel(ids[0] ?? "");
    expect([await list("Submitted"), await list("Canceled"), await list("Error")]).to.deep.equal([
      [ids[1]],
      [ids[0]],
      [],
    ]);
    expect(await failure(list("Lost"))).to.include({ name: "ValidationException" });
  });

  it("reports that TestRole is not supported", async () => {
    const input = { Role, InputBucket: "in", OutputBucket: "out", Topics: [topic] };
    const { Success, Messages } = await service.client().send(new TestRoleCommand(input));
    expect({ Success, length: Messages?.length }).to.deep.equal({ Success: "false", length: 1 });
  });

  for (const [mistake, more, field] of [
    ["no name", { Name: "" }, "Name"],
    ["a name too long", { Name: "x".repeat(41) }, "Name"],
    ["a bucket that can be none", { InputBucket: "a/b" }, "InputBucket"],
    ["a role that is none", { Role: "admin" }, "Role"],
    ["no output bucket", { OutputBucket: undefined }, "OutputBucket"],
    ["output buckets given twice", { ContentConfig: { Bucket: "x" } }, "ContentConfig"],
    [
      "one configuration without the other",
      { OutputBucket: undefined, ContentConfig: { Bucket: "x" } },
      "ThumbnailConfig",
    ],
    [
      "a configuration without a bucket",
      { OutputBucket: undefined, ContentConfig: {}, ThumbnailConfig: { Bucket: "x" } },
      "ContentConfig.Bucket",
    ],
    ["a topic that is none", { Notifications: { Completed: "done" } }, "Notifications.Completed"],
    [
      "a storage class it does not know",
      { OutputBucket: undefined, ContentConfig: { Bucket: "a", StorageClass: "Glacier" } },
      "ContentConfig.StorageClass",
    ],
  ] as const)
    it(`rejects ${mistake}, naming ${field}`, async () => {
      const refused = await failure(create(more as Partial<CreatePipelineCommandInput>));
      expect(refused.name).to.equal("ValidationException");
      expect(refused.message).to.contain(`'${field}'`);
    });
});
