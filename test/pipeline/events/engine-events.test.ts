import { expect } from "chai";
import {
  mapTaskStatus,
  parseTask,
  parseTaskStateChange,
} from "../../../pipeline/events/task-state-change.ts";
import { parseTranscoderNotifications } from "../../../pipeline/events/transcoder-notification.ts";

const detail = {
  taskArn: "arn:aws:ecs:us-east-1:1:task/c/t1",
  lastStatus: "STOPPED",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  cpu: "1024",
  memory: "4096",
  containers: [
    { name: "guard", exitCode: 0 },
    { name: "worker", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
  ],
  overrides: {
    containerOverrides: [{ name: "worker", environment: [{ name: "JOB_ID", value: "j" }, { name: "E" }] }],
  },
};

describe("parseTaskStateChange", () => {
  it("reads the container that the overrides name", () => {
    expect(
      parseTaskStateChange({ "detail-type": "ECS Task State Change", source: "aws.ecs", detail }),
    ).to.eql({
      taskId: detail.taskArn,
      status: "Stopped",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      exitCode: 137,
      containerReason: "OutOfMemoryError: Container killed due to memory usage",
      cpu: 1024,
      memory: 4096,
      environment: { JOB_ID: "j", E: "" },
    });
  });

  it("returns undefined for other events", () => {
    expect(parseTaskStateChange({ "detail-type": "Object Created", detail: {} })).to.equal(undefined);
    expect(parseTaskStateChange({ "detail-type": "ECS Task State Change", detail: {} })).to.equal(undefined);
    expect(parseTaskStateChange("x")).to.equal(undefined);
  });

  it("accepts events without containers and overrides", () => {
    expect(parseTask({ taskArn: "t", lastStatus: "PROVISIONING" })).to.eql({
      taskId: "t",
      status: "Pending",
      environment: {},
    });
  });

  it("maps ECS's statuses", () => {
    expect(
      ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "STOPPING", "DEPROVISIONING", "STOPPED"].map(
        mapTaskStatus,
      ),
    ).to.eql(["Pending", "Pending", "Pending", "Running", "Running", "Running", "Stopped"]);
  });
});

describe("parseTranscoderNotifications", () => {
  const body = {
    state: "ERROR",
    errorCode: "3002",
    messageDetails: "why",
    version: "2012-09-25",
    jobId: "1111111111111-abcdef",
    pipelineId: "p",
    outputs: [{ id: "1", key: "k", status: "Error", duration: 2.5, width: 4, height: 2 }],
    userMetadata: { "reelway-job": "x" },
  };

  it("reads every record of an SNS event", () => {
    const record = { EventSource: "aws:sns", Sns: { Message: JSON.stringify(body) } };
    const read = parseTranscoderNotifications({ Records: [record, record] });
    expect(read?.map(({ jobId, errorCode }) => [jobId, errorCode])).to.eql([
      ["1111111111111-abcdef", 3002],
      ["1111111111111-abcdef", 3002],
    ]);
  });

  it("reads an SNS HTTP message and a bare message", () => {
    const posted = { Type: "Notification", TopicArn: "t", Message: JSON.stringify(body) };
    expect(parseTranscoderNotifications(posted)).to.eql(parseTranscoderNotifications(body));
    expect(parseTranscoderNotifications(body)).to.have.length(1);
  });

  it("ignores foreign messages and returns undefined for other events", () => {
    expect(parseTranscoderNotifications({ Records: [{ Sns: { Message: "hello" } }] })).to.eql([]);
    expect(parseTranscoderNotifications({ Records: [{ Sns: { Message: "{}" } }] })).to.eql([]);
    expect(parseTranscoderNotifications({ Records: [] })).to.eql([]);
    expect(parseTranscoderNotifications({ a: 1 })).to.equal(undefined);
  });
});
