import { randomUUID } from "node:crypto";
import {
  CreateClusterCommand,
  type ECSClient,
  InvalidParameterException,
  RegisterTaskDefinitionCommand,
  type ServiceOutputTypes,
} from "@aws-sdk/client-ecs";
import { createEcsClient } from "../../adapters/aws/ecs-client.ts";
import { createEcsTaskRunner } from "../../adapters/aws/task-runner.ts";
import type { TaskRunner } from "../../pipeline/ports/task-runner.ts";
import type { Moto } from "./moto.ts";
import type { TaskRunnerFixture } from "./task-runner.ts";

/** The first id of a kind listed by EC2; the emulator has a default VPC. */
export const fetchFirst = async (moto: Moto, action: string, field: string): Promise<string> => {
  const answer = await fetch(moto.client.endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Authorization: "AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/us-east-1/ec2/aws4_request",
    },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15" }).toString(),
  });
  const id = new RegExp(`<${field}>([^<]+)</${field}>`).exec(await answer.text())?.[1];
  if (id === undefined) throw new Error(`${action} lists no ${field}.`);
  return id;
};

/**
 * Makes up for what moto 5.2.1 leaves out of ECS, by the API reference: RunTask ignores `clientToken`, and places
 * a task on Fargate by `launchType`, not by the capacity provider; StopTask of a task that there is not answers
 * 500 with a page, which is no JSON.
 */
const emulateMissingFields = (client: ECSClient): void => {
  const started = new Map<
    string,
    Promise<{ readonly response: unknown; readonly output: ServiceOutputTypes }>
  >();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const { input } = call;
        if ("clientToken" in input && typeof input.clientToken === "string") {
          const first =
            started.get(input.clientToken) ?? next({ ...call, input: { ...input, launchType: "FARGATE" } });
          started.set(input.clientToken, first);
          return first;
        }
        if (commandName !== "StopTaskCommand") return next(call);
        return next(call).catch((cause: unknown) => {
          throw cause instanceof SyntaxError
            ? new InvalidParameterException({ message: "The referenced task was not found.", $metadata: {} })
            : cause;
        });
      },
    { step: "initialize" },
  );
};

/**
 * A cluster on moto with the worker's task definition; `elsewhere` uses another cluster, which does not
 * exist.
 */
export const openMotoTaskRunner = async (
  moto: Moto,
): Promise<TaskRunnerFixture & { readonly elsewhere: TaskRunner }> => {
  const client = createEcsClient(moto.client);
  emulateMissingFields(client);
  const cluster = `cluster-${randomUUID()}`;
  await client.send(new CreateClusterCommand({ clusterName: cluster }));
  await client.send(
    new RegisterTaskDefinitionCommand({
      family: cluster,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "1024",
      memory: "2048",
      containerDefinitions: [{ name: "ffmpeg", image: "reelway-ffmpeg", memory: 2048, essential: true }],
    }),
  );
  const options = {
    cluster,
    taskDefinition: cluster,
    subnets: [await fetchFirst(moto, "DescribeSubnets", "subnetId")],
    securityGroups: [await fetchFirst(moto, "DescribeSecurityGroups", "groupId")],
    container: "ffmpeg",
    capacityProvider: "FARGATE_SPOT",
  };
  return {
    runner: createEcsTaskRunner(client, options),
    elsewhere: createEcsTaskRunner(client, { ...options, cluster: "none" }),
    unknown: `arn:aws:ecs:us-east-1:123456789012:task/${cluster}/${"0".repeat(32)}`,
    // StopTask is answered by a stopped task.
    stopped: async () => undefined,
    close: async () => client.destroy(),
  };
};
