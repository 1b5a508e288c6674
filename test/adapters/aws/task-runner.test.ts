import {
  ClusterNotFoundException,
  ConflictException,
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "chai";
import sinon from "sinon";
import { createEcsClient } from "../../../adapters/aws/ecs-client.ts";
import { createEcsTaskRunner } from "../../../adapters/aws/task-runner.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { TaskNotStarted } from "../../../pipeline/ports/task-runner.ts";
import { type ScriptedService, startScriptedService } from "./scripted-service.ts";

const task = "arn:aws:ecs:us-east-1:000000000000:task/reelway/1";
const request = {
  clientToken: "job-1",
  environment: { JOB_ID: "job", JOB_TABLE: "jobs", JOB_ATTEMPT: "1" },
  size: { cpu: 4096, memory: 8192 },
};
const options = {
  cluster: "reelway",
  taskDefinition: "worker:7",
  subnets: ["subnet-1", "subnet-2"],
  securityGroups: ["sg-1"],
  container: "ffmpeg",
  capacityProvider: "FARGATE_SPOT",
};
const thrown = async (act: Promise<unknown>): Promise<unknown> => {
  try {
    await act;
  } catch (cause) {
    return cause;
  }
  throw new Error("It was not refused.");
};
const notStarted = async (act: Promise<unknown>): Promise<TaskNotStarted> => {
  const cause = await thrown(act);
  if (cause instanceof TaskNotStarted) return cause;
  throw cause;
};
const storeFailure = async (act: Promise<unknown>): Promise<StoreFailure> => {
  const cause = await thrown(act);
  if (cause instanceof StoreFailure) return cause;
  throw cause;
};

describe("EcsTaskRunner", () => {
  const client = new ECSClient({ region: "us-east-1" });
  const runner = createEcsTaskRunner(client, options);
  let send: sinon.SinonStub;
  beforeEach(() => {
    send = sinon.stub(client, "send");
  });
  afterEach(() => sinon.restore());

  describe("run", () => {
    const input = (): RunTaskCommand["input"] => send.firstCall.args[0].input;

    it("requests one task with the token, the worker's variables and a private network", async () => {
      send.resolves({ tasks: [{ taskArn: task }], failures: [] });
      expect(await runner.run(request)).to.eql({ taskId: task });
      expect(send.firstCall.args[0]).to.be.instanceOf(RunTaskCommand);
      expect(input()).to.eql({
        cluster: "reelway",
        taskDefinition: "worker:7",
        clientToken: "job-1",
        count: 1,
        overrides: {
          cpu: "4096",
          memory: "8192",
          containerOverrides: [
            {
              name: "ffmpeg",
              cpu: 4096,
              memory: 8192,
              environment: [
                { name: "JOB_ID", value: "job" },
                { name: "JOB_TABLE", value: "jobs" },
                { name: "JOB_ATTEMPT", value: "1" },
              ],
            },
          ],
        },
        capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ["subnet-1", "subnet-2"],
            securityGroups: ["sg-1"],
            assignPublicIp: "DISABLED",
          },
        },
      });
    });

    it("assigns a public IP in public subnets", async () => {
      send.resolves({ tasks: [{ taskArn: task }] });
      await createEcsTaskRunner(client, { ...options, assignPublicIp: "ENABLED" }).run(request);
      expect(input().networkConfiguration?.awsvpcConfiguration?.assignPublicIp).to.equal("ENABLED");
    });

    it("leaves the capacity provider strategy to the cluster if none is named", async () => {
      send.resolves({ tasks: [{ taskArn: task }] });
      const { capacityProvider, ...plain } = options;
      await createEcsTaskRunner(client, plain).run(request);
      expect(input()).not.to.have.any.keys("capacityProviderStrategy", "launchType");
    });

    for (const [reason, detail, refusal] of [
      ["RESOURCE:CPU", undefined, "capacity"],
      ["AGENT", undefined, "capacity"],
      ["Capacity is unavailable at this time. Please try again later", undefined, "capacity"],
      ["You've reached the limit on the number of vCPUs you can run concurrently", undefined, "capacity"],
      ["MISSING", "no such instance", "unknown"],
      ["LOCATION", undefined, "unknown"],
    ] as const)
      it(`takes the failure ${reason.slice(0, 30)} for ${refusal}`, async () => {
        send.resolves({ tasks: [], failures: [{ reason, detail }] });
        const failure = await notStarted(runner.run(request));
        expect(failure.refusal).to.equal(refusal);
        expect(failure.message).to.equal(
          `ECS could not start a task: ${detail === undefined ? reason : `${reason}: ${detail}`}.`,
        );
      });

    it("refuses if ECS returns neither a task nor a reason", async () => {
      send.resolves({});
      expect(await notStarted(runner.run(request))).to.include({
        refusal: "unknown",
        message: "ECS could not start a task: no reason given.",
      });
    });

    it("starts a Spot task on demand if that is asked", async () => {
      send.resolves({ tasks: [{ taskArn: task }] });
      await runner.run({ ...request, capacity: "on-demand" });
      expect(input().capacityProviderStrategy).to.eql([{ capacityProvider: "FARGATE", weight: 1 }]);
    });

    it("returns the task of an earlier call with the same token and an older definition", async () => {
      send.rejects(
        new ConflictException({ message: "clientToken is in use", resourceIds: [task], $metadata: {} }),
      );
      expect(await runner.run(request)).to.eql({ taskId: task });
    });

    // The errors of RunTask (Amazon ECS API reference), and those of every call.
    for (const [name, message, refusal, stopsRun] of [
      ["ThrottlingException", "Rate exceeded", "rate", true],
      ["RequestLimitExceeded", "Request limit exceeded.", "rate", true],
      [
        "InvalidParameterException",
        "Error retrieving security group information for [sg-1]: Request limit exceeded. (Code: RequestLimitExceeded)",
        "rate",
        true,
      ],
      ["LimitExceededException", "You've reached the limit on the number of tasks", "capacity", true],
      ["AccessDeniedException", "not authorized to perform: iam:PassRole", "permission", true],
      ["ClientException", "TaskDefinition is inactive", "definition", true],
      ["ClientException", "Unable to describe task definition.", "definition", true],
      ["InvalidParameterException", "TaskDefinition not found.", "definition", true],
      ["InvalidParameterException", "No subnet.", "unknown", false],
      ["InvalidParameterException", "No Container Instances were found in your cluster.", "unknown", false],
      ["ClusterNotFoundException", "Cluster not found.", "unknown", false],
      ["BlockedException", "Your account is blocked.", "unknown", false],
      ["PlatformTaskDefinitionIncompatibilityException", "incompatible", "unknown", false],
      ["PlatformUnknownException", "unknown platform", "unknown", false],
      ["UnsupportedFeatureException", "not supported", "unknown", false],
      ["ServerException", "Service Unavailable. Please try again later.", "unknown", false],
      ["TimeoutError", "socket hang up", "unknown", false],
    ] as const)
      it(`takes ${name} (${message.slice(0, 40)}) for ${refusal}`, async () => {
        const cause = Object.assign(new Error(message), { name });
        send.rejects(cause);
        const failure = await notStarted(runner.run(request));
        expect(failure).to.include({ refusal, stopsRun, cause });
        expect(failure.message).to.include(message);
      });

    it("refuses if the token is in use by a task that ECS does not name", async () => {
      send.rejects(new ConflictException({ message: "clientToken is in use", $metadata: {} }));
      expect((await notStarted(runner.run(request))).refusal).to.equal("unknown");
    });

    it("sends no request over ECS's 8,192 characters of overrides", async () => {
      const environment = { ...request.environment, SOURCE_KEY: "k".repeat(8100) };
      const failure = await notStarted(runner.run({ ...request, environment }));
      expect(failure.refusal).to.equal("invalid-request");
      expect(failure.message).to.match(/overrides are \d{4} characters\. ECS allows 8192\. Upload the file/);
      expect(send.callCount).to.equal(0);
    });
  });

  describe("stop", () => {
    it("names the cluster and the task, and shortens the reason", async () => {
      send.resolves({});
      await runner.stop(task, "x".repeat(300));
      expect(send.firstCall.args[0]).to.be.instanceOf(StopTaskCommand);
      expect(send.firstCall.args[0].input).to.eql({ cluster: "reelway", task, reason: "x".repeat(255) });
    });

    it("does nothing if the task is gone", async () => {
      send.rejects(
        new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} }),
      );
      await runner.stop(task, "cancelled");
      expect(send.callCount).to.equal(1);
    });

    for (const cause of [
      new ClusterNotFoundException({ message: "Cluster not found.", $metadata: {} }),
      new InvalidParameterException({ message: "The referenced cluster was stopped.", $metadata: {} }),
    ])
      it(`reports the failure: ${cause.message}`, async () => {
        send.rejects(cause);
        const failure = await storeFailure(runner.stop(task, "cancelled"));
        expect(failure.message).to.equal(`Stopping task ${task} in cluster reelway failed: ${cause.message}`);
      });
  });

  describe("describe", () => {
    const described = { taskArn: task, lastStatus: "STOPPED", cpu: "1024", memory: "2048" };

    it("reads the worker's container at any position, and the task's size", async () => {
      const sidecar = { name: "aws-guardduty-agent", exitCode: 1, reason: "agent" };
      send.resolves({
        tasks: [
          {
            ...described,
            stopCode: "EssentialContainerExited",
            stoppedReason: "Essential container in task exited",
            containers: [sidecar, { name: "ffmpeg", exitCode: 137, reason: "OutOfMemoryError" }],
            overrides: {
              containerOverrides: [
                { name: "aws-guardduty-agent", environment: [{ name: "JOB_ID", value: "another" }] },
                { name: "ffmpeg", environment: [{ name: "JOB_ID", value: "job" }, { name: "EMPTY" }] },
              ],
            },
          },
        ],
      });
      expect(await runner.describe([task])).to.eql([
        {
          taskId: task,
          status: "Stopped",
          stopCode: "EssentialContainerExited",
          stoppedReason: "Essential container in task exited",
          exitCode: 137,
          containerReason: "OutOfMemoryError",
          cpu: 1024,
          memory: 2048,
          environment: { JOB_ID: "job", EMPTY: "" },
        },
      ]);
    });

    it("has no exit code if the worker's container never ran", async () => {
      send.resolves({ tasks: [{ ...described, containers: [{ name: "init", exitCode: 0 }] }] });
      const [state] = await runner.describe([task]);
      expect(state).to.include({ status: "Stopped" }).and.not.to.have.any.keys("exitCode");
    });

    it("requests a hundred tasks at a time", async () => {
      send.resolves({ tasks: [] });
      await runner.describe(Array.from({ length: 201 }, (_, number) => `${task}${number}`));
      const requests = send.getCalls().map(({ args: [command] }) => {
        expect(command).to.be.instanceOf(DescribeTasksCommand);
        return command.input.tasks.length;
      });
      expect(requests).to.eql([100, 100, 1]);
    });

    it("omits missing tasks only", async () => {
      const missing = { arn: `${task}2`, reason: "MISSING" };
      send.resolves({ tasks: [described], failures: [missing] });
      expect((await runner.describe([task, `${task}2`])).map((state) => state.taskId)).to.eql([task]);
      send.resolves({ tasks: [described], failures: [missing, { reason: "ACCESS_DENIED" }] });
      expect((await storeFailure(runner.describe([task]))).message).to.include("ACCESS_DENIED");
    });

    it("reports a wrong cluster", async () => {
      send.rejects(new ClusterNotFoundException({ message: "Cluster not found.", $metadata: {} }));
      expect((await storeFailure(runner.describe([task]))).message).to.equal(
        "Describing tasks in cluster reelway failed: Cluster not found.",
      );
    });
  });
});

describe("the ECS client", () => {
  let service: ScriptedService;
  afterEach(() => service.close());

  it("retries a throttled RunTask with the same token", async () => {
    const json = { "Content-Type": "application/x-amz-json-1.1" };
    service = await startScriptedService((_call, number) =>
      number < 1
        ? { status: 400, headers: json, body: '{"__type":"ThrottlingException","message":"Rate exceeded"}' }
        : { headers: json, body: JSON.stringify({ tasks: [{ taskArn: task }], failures: [] }) },
    );
    const client = createEcsClient(service.client);
    expect(await createEcsTaskRunner(client, options).run(request)).to.eql({ taskId: task });
    const tokens = service.calls.map(({ body }) => JSON.parse(body.toString()).clientToken);
    expect(tokens).to.eql(["job-1", "job-1"]);
    expect(await client.config.maxAttempts()).to.equal(2);
  });
});
