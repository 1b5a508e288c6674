import * as sdk from "@aws-sdk/client-elastic-transcoder";
import { expect } from "chai";
import { failure } from "../lambdas/transcoder-api/failure.ts";
import { type Service, startService } from "../lambdas/transcoder-api/service.ts";
import { operations } from "./operations.ts";
import { plainJob } from "./requests.ts";

const nobody = "1111111111111-nobody";
const missing = "ResourceNotFoundException";
const invalid = "ValidationException";

describe("every operation of the transcoder API, called by the SDK to fail", () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service.close());

  type Operation = (typeof operations)[number][0];
  const send = (): ReturnType<Service["client"]> => service.client();
  const calls: Readonly<Record<Operation, readonly [call: () => Promise<unknown>, error: string]>> = {
    CreateJob: [() => send().send(new sdk.CreateJobCommand({ ...plainJob, PipelineId: nobody })), missing],
    ReadJob: [() => send().send(new sdk.ReadJobCommand({ Id: nobody })), missing],
    CancelJob: [() => send().send(new sdk.CancelJobCommand({ Id: nobody })), missing],
    ListJobsByPipeline: [
      () => send().send(new sdk.ListJobsByPipelineCommand({ PipelineId: nobody })),
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
    ReadPipeline: [() => send().send(new sdk.ReadPipelineCommand({ Id: nobody })), missing],
    UpdatePipeline: [() => send().send(new sdk.UpdatePipelineCommand({ Id: nobody, Name: "new" })), missing],
    UpdatePipelineNotifications: [
      () =>
        send().send(
          new sdk.UpdatePipelineNotificationsCommand({
            Id: nobody,
            Notifications: { Progressing: "", Completed: "", Warning: "", Error: "" },
          }),
        ),
      missing,
    ],
    UpdatePipelineStatus: [
      () => send().send(new sdk.UpdatePipelineStatusCommand({ Id: nobody, Status: "Paused" })),
      missing,
    ],
    DeletePipeline: [() => send().send(new sdk.DeletePipelineCommand({ Id: nobody })), missing],
    CreatePreset: [
      () => send().send(new sdk.CreatePresetCommand({ Name: "of nothing", Container: "avi" })),
      invalid,
    ],
    ListPresets: [() => send().send(new sdk.ListPresetsCommand({ PageToken: "of no page" })), invalid],
    ReadPreset: [() => send().send(new sdk.ReadPresetCommand({ Id: nobody })), missing],
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
    it(`${operation} names its error and says why`, async () => {
      const [call, error] = calls[operation];

      const told = await failure(call());

      expect(told.name, told.message).to.equal(error);
      expect(told.message).to.have.length.above(10);
    });
});
