import * as sdk from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { failure } from "../lambdas/transcoder-api/failure.ts";
import { type Service, startService } from "../lambdas/transcoder-api/service.ts";
import { operations } from "./operations.ts";
import { plainJob } from "./requests.ts";

const unknownId = "1111111111111-nobody";
const missing = "ResourceNotFoundException";
const invalid = "ValidationException";

describe("failed operations of the transcoder API, through the SDK", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  type Operation = (typeof operations)[number][0];
  const send = (): ReturnType<Service["client"]> => service.client();
  const calls: Readonly<Record<Operation, readonly [call: () => Promise<unknown>, error: string]>> = {
    CreateJob: [() => send().send(new sdk.CreateJobCommand({ ...plainJob, PipelineId: unknownId })), missing],
    ReadJob: [() => send().send(new sdk.ReadJobCommand({ Id: unknownId })), missing],
    CancelJob: [() => send().send(new sdk.CancelJobCommand({ Id: unknownId })), missing],
    ListJobsByPipeline: [
      () => send().send(new sdk.ListJobsByPipelineCommand({ PipelineId: unknownId })),
      missing,
    ],
    ListJobsByStatus: [() => send().send(new sdk.ListJobsByStatusCommand({ Status: "Done" })), invalid],
    CreatePipeline: [
      () =>
        send().send(
          new sdk.CreatePipelineCommand({ Name: "", InputBucket: "in", OutputBucket: "out", Role: "nobody" }),
        ),
      invalid,
    ],
    ListPipelines: [() => send().send(new sdk.ListPipelinesCommand({ PageToken: "of no page" })), invalid],
    ReadPipeline: [() => send().send(new sdk.ReadPipelineCommand({ Id: unknownId })), missing],
    UpdatePipeline: [
      () => send().send(new sdk.UpdatePipelineCommand({ Id: unknownId, Name: "new" })),
      missing,
    ],
    UpdatePipelineNotifications: [
      () =>
        send().send(
          new sdk.UpdatePipelineNotificationsCommand({
            Id: unknownId,
            Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
          }),
        ),
      missing,
    ],
    UpdatePipelineStatus: [
      () => send().send(new sdk.UpdatePipelineStatusCommand({ Id: unknownId, Status: "Paused" })),
      missing,
    ],
    DeletePipeline: [() => send().send(new sdk.DeletePipelineCommand({ Id: unknownId })), missing],
    CreatePreset: [
      () => send().send(new sdk.CreatePresetCommand({ Name: "of nothing", Container: "avi" })),
      invalid,
    ],
    ListPresets: [() => send().send(new sdk.ListPresetsCommand({ PageToken: "of no page" })), invalid],
    ReadPreset: [() => send().send(new sdk.ReadPresetCommand({ Id: unknownId })), missing],
    DeletePreset: [
      () => send().send(new sdk.DeletePresetCommand({ Id: "1351620000001-100070" })),
      "AccessDeniedException",
    ],
    TestRole: [
      () =>
        send().send(
          new sdk.TestRoleCommand({ Role: "nobody", InputBucket: "in", OutputBucket: "out", Topics: [] }),
        ),
      invalid,
    ],
  };

  for (const [operation] of operations)
    it(`${operation} reports its error name and reason`, async () => {
      const [call, error] = calls[operation];

      const cause = await failure(call());

      expect(cause.name, cause.message).to.equal(error);
      expect(cause.message).to.have.length.above(10);
    });
});
