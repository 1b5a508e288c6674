import { expect } from "chai";
import * as z from "zod";
import { BucketReference } from "../../modules/bucket-reference.ts";
import { DirectRoute } from "../../modules/direct-route.ts";
import { WorkerNetwork } from "../../modules/network.ts";
import { WorkerTask } from "../../modules/worker-task.ts";
import { WorkerTaskReference } from "../../modules/worker-task-reference.ts";
import { account, keyArn, statements, synthesizeStack } from "./synthesize-stack.ts";

describe("WorkerNetwork", () => {
  const synthesizeNetwork = (access: "endpoints" | "public", settings: Record<string, unknown> = {}) =>
    synthesizeStack((stack) => {
      new WorkerNetwork(stack, "network", { name: "workers", access });
    }, settings);
  const services = (access: "endpoints" | "public", type: string) =>
    synthesizeNetwork(access)
      .all("aws_vpc_endpoint")
      .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === type)
      .map(({ service_name }) => String(service_name).replace("com.amazonaws.us-east-1.", ""))
      .sort();

  it("spans two zones with Fargate, and stays there", () => {
    const { aws_availability_zones: zones } = z
      .object({ aws_availability_zones: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(synthesizeNetwork("endpoints").data);
    const [[id, zoneQuery] = []] = Object.entries(zones);

    expect(zoneQuery).to.deep.include({
      state: "available",
      filter: [{ name: "zone-type", values: ["availability-zone"] }],
    });
    expect(zoneQuery?.exclude_zone_ids).to.include("use1-az3");
    expect(
      synthesizeNetwork("endpoints")
        .all("aws_subnet")
        .map(({ availability_zone, map_public_ip_on_launch, lifecycle }) => [
          availability_zone,
          map_public_ip_on_launch,
          lifecycle,
        ]),
    ).to.deep.equal(
      [0, 1].map((index) => [
        `\${element(data.aws_availability_zones.${id}.names, ${index})}`,
        false,
        { ignore_changes: ["availability_zone"] },
      ]),
    );
  });

  it("has one zone where an account may see no second one with Fargate", () => {
    const network = synthesizeNetwork("endpoints", { region: "us-west-1" });
    expect(network.all("aws_subnet")).to.have.length(1);
    for (const { subnet_ids } of network
      .all("aws_vpc_endpoint")
      .filter((one) => one.subnet_ids !== undefined))
      expect(subnet_ids).to.have.length(1);
    expect(synthesizeNetwork("endpoints", { region: "us-west-2" }).all("aws_subnet")).to.have.length(2);
  });

  it("reaches S3 and DynamoDB through gateway endpoints", () => {
    for (const access of ["endpoints", "public"] as const)
      expect(services(access, "Gateway"), access).to.deep.equal(["dynamodb", "s3"]);
  });

  it("keeps media within the stage's buckets and tables, and refuses credentials of other accounts", () => {
    const pipelineRole = "arn:aws:iam::210987654321:role/archive";
    const endpoints = synthesizeNetwork("endpoints", { pipelineRoleArns: [pipelineRole] }).all(
      "aws_vpc_endpoint",
    );
    const readStatements = (service: string) => {
      const endpoint = endpoints.find(({ service_name }) => String(service_name).endsWith(`.${service}`));
      return z
        .object({
          Statement: z.array(
            z.object({ Action: z.string(), Resource: z.unknown(), Condition: z.unknown() }).partial(),
          ),
        })
        .parse(JSON.parse(String(endpoint?.policy)))
        .Statement.map(({ Action, Resource, Condition }) => [Action, Resource, Condition]);
    };
    const isWorker = {
      ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/reelway-dev-ffmpeg-task` },
    };
    expect(readStatements("s3")).to.deep.equal([
      [
        "s3:*",
        ["reelway-dev-input", "reelway-dev-output"].flatMap((name) => [
          `arn:aws:s3:::${name}`,
          `arn:aws:s3:::${name}/*`,
        ]),
        isWorker,
      ],
      ["s3:GetObject", "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*", undefined],
      [
        "s3:*",
        "*",
        {
          StringEquals: { "aws:PrincipalAccount": account },
          ArnNotEquals: isWorker.ArnEquals,
        },
      ],
      ["s3:*", "*", { ArnEquals: { "aws:PrincipalArn": [pipelineRole] } }],
    ]);
    const table = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/reelway-dev-${name}`;
    expect(readStatements("dynamodb")).to.deep.equal([
      ["dynamodb:*", [table("jobs"), table("transcoder")], isWorker],
    ]);
    for (const service of ["ecr.api", "ecr.dkr", "logs", "sts"])
      expect(readStatements(service), service).to.deep.equal([
        ["*", "*", { StringEquals: { "aws:PrincipalAccount": account } }],
      ]);
  });

  it("reaches other services through interface endpoints for tasks only, or through the internet, never through NAT", () => {
    expect(services("endpoints", "Interface")).to.deep.equal(["ecr.api", "ecr.dkr", "logs", "sts"]);
    expect(services("public", "Interface")).to.deep.equal([]);
    expect(synthesizeNetwork("public").one("aws_route").destination_cidr_block).to.equal("0.0.0.0/0");
    for (const access of ["endpoints", "public"] as const)
      expect(synthesizeNetwork(access).types, access).to.not.include("aws_nat_gateway");
  });

  it("allows no ingress and only TLS egress, and closes the default group", () => {
    for (const access of ["endpoints", "public"] as const) {
      const [tasks] = synthesizeNetwork(access)
        .all("aws_security_group")
        .filter(({ name }) => name === "workers-tasks");
      expect(tasks).to.not.have.property("ingress");
      expect(
        z
          .array(z.looseObject({ from_port: z.number(), to_port: z.number() }))
          .parse(tasks?.egress)
          .map(({ from_port, to_port }) => [from_port, to_port]),
      ).to.deep.equal([[443, 443]]);
      expect(synthesizeNetwork(access).one("aws_default_security_group")).to.deep.include({
        ingress: [],
        egress: [],
      });
    }
  });

  it("writes flow logs", () => {
    expect(synthesizeNetwork("endpoints").one("aws_flow_log").traffic_type).to.equal("ALL");
    expect(synthesizeNetwork("endpoints").one("aws_cloudwatch_log_group").kms_key_id).to.equal(keyArn);
  });
});

describe("WorkerTask", () => {
  const synthesizeTask = () =>
    synthesizeStack((stack) => {
      const { taskRole } = new WorkerTask(stack, "worker", {
        name: "ffmpeg",
        image: "registry/ffmpeg@sha256:1",
        repositoryArn: "arn:aws:ecr:us-east-1:1:repository/reelway-dev-ffmpeg",
        cpu: 1024,
        memory: 2048,
        scratchGiB: 50,
        architecture: "ARM64",
        environment: {
          OBJECT_STORE: "s3",
          JOBS_TABLE: "jobs",
          TRANSCODER_TABLE: "transcoder",
          SCRATCH_DIRECTORY: "/scratch",
          CONFIGURATION: "{}",
        },
      });
      new BucketReference(stack, "input", { name: "in" }).grantRead(taskRole);
    });

  it("is registered before its predecessor is given up, and keeps earlier revisions", () => {
    expect(synthesizeTask().one("aws_ecs_task_definition")).to.deep.include({
      skip_destroy: true,
      lifecycle: { create_before_destroy: true },
    });
  });

  it("runs its image by digest on Fargate, with the given size and scratch", () => {
    const definition = synthesizeTask().one("aws_ecs_task_definition");

    expect(definition).to.deep.include({
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      ephemeral_storage: { size_in_gib: 50 },
      runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" },
    });
    expect(JSON.parse(z.string().parse(definition.container_definitions))[0]).to.deep.include({
      image: "registry/ffmpeg@sha256:1",
      stopTimeout: 30,
    });
  });

  it("has a task role and an execution role with separate permissions", () => {
    const policies = synthesizeTask()
      .all("aws_iam_role_policy")
      .map(({ policy }) =>
        JSON.parse(z.string().parse(policy)).Statement.flatMap(({ Action }: { Action: string[] }) => Action),
      );

    expect(
      synthesizeTask()
        .all("aws_iam_role")
        .map(({ name }) => name),
    ).to.have.members(["ffmpeg-task", "ffmpeg-execution"]);
    expect(policies.map((actions) => actions.includes("s3:GetObject"))).to.have.members([true, false]);
    expect(policies.map((actions) => actions.includes("ecr:BatchGetImage"))).to.have.members([true, false]);
  });
});

describe("DirectRoute", () => {
  const synthesizeRoute = (prefix: string, assignPublicIp = false) =>
    synthesizeStack((stack) => {
      new DirectRoute(stack, "route", {
        routeName: "images",
        prefix,
        extensions: ["jpg", "3gp"],
        workerTask: new WorkerTaskReference(stack, "worker", { name: "reelway-dev-ffmpeg" }),
        subnetIds: "subnet-1,subnet-2",
        securityGroupId: "sg-1",
        assignPublicIp,
        capacityProvider: "FARGATE_SPOT",
        taskSize: { cpu: 512, memory: 1024 },
      });
    });

  const patterns = (prefix: string) =>
    synthesizeRoute(prefix)
      .all("aws_cloudwatch_event_rule")
      .map((rule) => JSON.parse(z.string().parse(rule.event_pattern)).detail);

  it("forwards uploads with its extensions under its prefix, in three spellings", () => {
    expect(patterns("images/")[1]).to.deep.equal({
      bucket: { name: ["reelway-dev-input"] },
      object: {
        key: ["jpg", "JPG", "Jpg", "3gp", "3GP"].map((spelling) => ({ wildcard: `images/*.${spelling}` })),
      },
    });
    expect(patterns("a*b\\/")[1].object.key[0]).to.deep.equal({ wildcard: "a\\*b\\\\/*.jpg" });
  });

  it("forwards uploads with its extensions in any case if it has no prefix", () => {
    expect(patterns("")[1].object.key).to.deep.equal([
      { suffix: { "equals-ignore-case": ".jpg" } },
      { suffix: { "equals-ignore-case": ".3gp" } },
    ]);
  });

  it("starts tasks on a bus of its own, except for keys that would change the task's input", () => {
    const route = synthesizeRoute("images/");
    const [onBus, uploads] = route.all("aws_cloudwatch_event_rule");
    const [starts, forwards] = route.all("aws_cloudwatch_event_target");

    expect(String(onBus?.event_bus_name)).to.match(/^\$\{aws_cloudwatch_event_bus\.route_bus_.*\.name\}$/);
    expect(uploads).to.not.have.property("event_bus_name");
    expect(starts).to.have.property("ecs_target");
    expect(String(forwards?.arn)).to.match(/^\$\{aws_cloudwatch_event_bus\.route_bus_.*\.arn\}$/);
    expect(patterns("images/")[0]).to.deep.equal({
      object: { key: [{ "anything-but": { wildcard: ['*"*', "*\\\\*", "*<*", "*>*"] } }] },
    });
    for (const { dead_letter_config } of [starts ?? {}, forwards ?? {}])
      expect(dead_letter_config)
        .to.have.property("arn")
        .that.matches(/aws_sqs_queue\.route_dlq/);
  });

  it("sets size, network and capacity of its tasks, and has a dead-letter queue", () => {
    const [target = {}] = synthesizeRoute("images/", true).all("aws_cloudwatch_event_target");
    const template = z.object({ input_template: z.string() }).parse(target.input_transformer).input_template;

    expect(template).to.match(/^\{"cpu":"512","memory":"1024",/);
    expect(target.ecs_target).to.deep.include({
      task_definition_arn: `arn:aws:ecs:us-east-1:${account}:task-definition/reelway-dev-ffmpeg`,
      capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT", weight: 1 }],
      network_configuration: {
        subnets: `\${split(",", "subnet-1,subnet-2")}`,
        security_groups: ["sg-1"],
        assign_public_ip: true,
      },
    });
    expect(target.dead_letter_config)
      .to.have.property("arn")
      .that.matches(/aws_sqs_queue\.route_dlq/);
  });

  it("may set the tags that it propagates", () => {
    const route = synthesizeRoute("images/");
    const { propagate_tags } = z
      .looseObject({ propagate_tags: z.string() })
      .parse(route.all("aws_cloudwatch_event_target")[0]?.ecs_target);
    const allowed = route.all("aws_iam_role_policy").flatMap(({ policy }) => statements(policy));

    expect(propagate_tags).to.equal("TASK_DEFINITION");
    expect(allowed.find(({ Action }) => String(Action) === "ecs:TagResource")).to.deep.include({
      Resource: [`arn:aws:ecs:us-east-1:${account}:task/reelway-dev-workers/*`],
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    });
  });
});
