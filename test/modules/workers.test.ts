import { expect } from "chai";
import * as z from "zod";
import { BucketReference } from "../../modules/bucket-reference.ts";
import { DirectRoute } from "../../modules/direct-route.ts";
import { WorkerNetwork } from "../../modules/network.ts";
import { WorkerTask } from "../../modules/worker-task.ts";
import { WorkerTaskReference } from "../../modules/worker-task-reference.ts";
import { account, inStage, keyArn, statements } from "./in-stage.ts";

describe("WorkerNetwork", () => {
  const made = (access: "endpoints" | "public") =>
    inStage((stack) => {
      new WorkerNetwork(stack, "network", { name: "workers", access });
    });
  const services = (access: "endpoints" | "public", type: string) =>
    made(access)
      .all("aws_vpc_endpoint")
      .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === type)
      .map(({ service_name }) => String(service_name).replace("com.amazonaws.us-east-1.", ""))
      .sort();

  it("lies over two of the account's zones that have Fargate, and stays there", () => {
    const { aws_availability_zones: zones } = z
      .object({ aws_availability_zones: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(made("endpoints").data);
    const [[id, asked] = []] = Object.entries(zones);

    expect(asked).to.deep.include({
      state: "available",
      filter: [{ name: "zone-type", values: ["availability-zone"] }],
    });
    expect(asked?.exclude_zone_ids).to.include("use1-az3");
    expect(
      made("endpoints")
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

  it("reaches S3 and DynamoDB by gateways", () => {
    for (const access of ["endpoints", "public"] as const)
      expect(services(access, "Gateway"), access).to.deep.equal(["dynamodb", "s3"]);
  });

  it("reaches the rest by endpoints that only tasks may call, or by the internet, never by NAT", () => {
    expect(services("endpoints", "Interface")).to.deep.equal(["ecr.api", "ecr.dkr", "logs", "sts"]);
    expect(services("public", "Interface")).to.deep.equal([]);
    expect(made("public").one("aws_route").destination_cidr_block).to.equal("0.0.0.0/0");
    for (const access of ["endpoints", "public"] as const)
      expect(made(access).types, access).to.not.include("aws_nat_gateway");
  });

  it("lets nobody in and tasks out by TLS alone, and closes the default group", () => {
    for (const access of ["endpoints", "public"] as const) {
      const [tasks] = made(access)
        .all("aws_security_group")
        .filter(({ name }) => name === "workers-tasks");
      expect(tasks).to.not.have.property("ingress");
      expect(
        z
          .array(z.looseObject({ from_port: z.number(), to_port: z.number() }))
          .parse(tasks?.egress)
          .map(({ from_port, to_port }) => [from_port, to_port]),
      ).to.deep.equal([[443, 443]]);
      expect(made(access).one("aws_default_security_group")).to.deep.include({ ingress: [], egress: [] });
    }
  });

  it("writes down who talks to whom", () => {
    expect(made("endpoints").one("aws_flow_log").traffic_type).to.equal("ALL");
    expect(made("endpoints").one("aws_cloudwatch_log_group").kms_key_id).to.equal(keyArn);
  });
});

describe("WorkerTask", () => {
  const made = () =>
    inStage((stack) => {
      const { taskRole } = new WorkerTask(stack, "worker", {
        name: "ffmpeg",
        image: "registry/ffmpeg@sha256:1",
        repository: "reelway-dev-ffmpeg",
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

  it("runs its image by digest, on Fargate, with the size and scratch given", () => {
    const definition = made().one("aws_ecs_task_definition");

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

  it("has a role that works and one that starts it, and neither does the other's", () => {
    const policies = made()
      .all("aws_iam_role_policy")
      .map(({ policy }) =>
        JSON.parse(z.string().parse(policy)).Statement.flatMap(({ Action }: { Action: string[] }) => Action),
      );

    expect(
      made()
        .all("aws_iam_role")
        .map(({ name }) => name),
    ).to.have.members(["ffmpeg-task", "ffmpeg-execution"]);
    expect(policies.map((actions) => actions.includes("s3:GetObject"))).to.have.members([true, false]);
    expect(policies.map((actions) => actions.includes("ecr:BatchGetImage"))).to.have.members([true, false]);
  });
});

describe("DirectRoute", () => {
  const made = (prefix: string, assignPublicIp = false) =>
    inStage((stack) => {
      new DirectRoute(stack, "route", {
        routeName: "images",
        prefix,
        workerTask: new WorkerTaskReference(stack, "worker", { name: "reelway-dev-ffmpeg" }),
        subnetIds: "subnet-1,subnet-2",
        securityGroupId: "sg-1",
        assignPublicIp,
        capacityProvider: "FARGATE_SPOT",
        taskSize: { cpu: 512, memory: 1024 },
      });
    });

  it("takes the uploads under its prefix, or all where it has none", () => {
    const pattern = (prefix: string) =>
      JSON.parse(z.string().parse(made(prefix).one("aws_cloudwatch_event_rule").event_pattern)).detail;

    expect(pattern("images/")).to.deep.equal({
      bucket: { name: ["reelway-dev-input"] },
      object: { key: [{ prefix: "images/" }] },
    });
    expect(pattern("")).to.deep.equal({ bucket: { name: ["reelway-dev-input"] } });
  });

  it("gives its tasks their size, network and capacity, and loses no event", () => {
    const target = made("images/", true).one("aws_cloudwatch_event_target");
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

  it("is allowed to give its tasks the tags that it propagates", () => {
    const route = made("images/");
    const { propagate_tags } = z
      .looseObject({ propagate_tags: z.string() })
      .parse(route.one("aws_cloudwatch_event_target").ecs_target);
    const allowed = statements(route.one("aws_iam_role_policy").policy);

    expect(propagate_tags).to.equal("TASK_DEFINITION");
    expect(allowed.find(({ Action }) => String(Action) === "ecs:TagResource")).to.deep.include({
      Resource: [`arn:aws:ecs:us-east-1:${account}:task/reelway-dev-workers/*`],
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    });
  });
});
