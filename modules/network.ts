import { Construct } from "constructs";
import { DataAwsAvailabilityZones } from "#aws/data-aws-availability-zones";
import { DefaultSecurityGroup } from "#aws/default-security-group";
import { FlowLog } from "#aws/flow-log";
import { InternetGateway } from "#aws/internet-gateway";
import { Route } from "#aws/route";
import { RouteTable } from "#aws/route-table";
import { RouteTableAssociation } from "#aws/route-table-association";
import { SecurityGroup } from "#aws/security-group";
import { Subnet } from "#aws/subnet";
import { Vpc } from "#aws/vpc";
import { VpcEndpoint } from "#aws/vpc-endpoint";
import { Fn } from "#cdktf";
import {
  buildDynamoEndpointPolicy,
  buildInterfaceEndpointPolicy,
  buildS3EndpointPolicy,
} from "./endpoint-policies.ts";
import { LogGroup } from "./log-group.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `WorkerNetwork`. */
export interface WorkerNetworkProps {
  readonly name: string;
  /**
   * How tasks reach services other than S3 and DynamoDB: through interface endpoints, which are billed per hour, or from
   * public subnets, where each task has a public IP address and no inbound traffic is allowed.
   */
  readonly access: "endpoints" | "public";
}

/** Services other than S3 and DynamoDB that tasks call: image, log, and roles of other pipelines. */
export const interfaceEndpointServices = ["ecr.api", "ecr.dkr", "logs", "sts"] as const;
const zoneSuffixes = ["a", "b"] as const;
/**
 * Regions in which an account may have only one zone with Fargate: an account sees two of the three zones of us-west-1, and
 * Fargate is in two of the three (Amazon ECS developer guide, "Supported Regions for Amazon ECS on AWS Fargate").
 */
const zoneCountByRegion: Readonly<Record<string, number>> = { "us-west-1": 1 };
/** Zones without Fargate on ARM64 (Amazon ECS developer guide, "Supported Regions for Amazon ECS on AWS Fargate"). */
const zoneIdsWithoutFargate = ["apne1-az3", "cac1-az3", "use1-az3", "usw1-az2"];

/**
 * A network in two zones, in one where an account may have no second, without NAT. S3 and DynamoDB are reached
 * through gateway endpoints, which are free; a NAT gateway would cost more than the encoding. The endpoints' policies keep
 * media within the stage's buckets.
 */
export class WorkerNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly taskSecurityGroupId: string;
  readonly #vpc: Vpc;
  readonly #name: string;

  constructor(scope: Construct, id: string, { name, access }: WorkerNetworkProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { region } = stack.deployment;
    this.#name = name;
    this.#vpc = new Vpc(this, "vpc", {
      cidrBlock: "10.64.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    // AWS's default group allows traffic among its members and all outbound traffic.
    new DefaultSecurityGroup(this, "default-group", { vpcId: this.#vpc.id, ingress: [], egress: [] });
    this.#addFlowLogs();
    const routes = new RouteTable(this, "routes", { vpcId: this.#vpc.id, tags: { Name: name } });
    // Zone letters differ by region and account.
    const available = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      filter: [{ name: "zone-type", values: ["availability-zone"] }],
      excludeZoneIds: zoneIdsWithoutFargate,
    });
    const zones = zoneSuffixes.slice(0, zoneCountByRegion[region]);
    this.subnetIds = zones.map((zone, index) => {
      const subnet = new Subnet(this, `subnet-${zone}`, {
        vpcId: this.#vpc.id,
        cidrBlock: `10.64.${index * 16}.0/20`,
        availabilityZone: Fn.element(available.names, index),
        mapPublicIpOnLaunch: false,
        tags: { Name: `${name}-${zone}` },
        // An existing subnet keeps its zone, even if the order of the account's zones changes.
        lifecycle: { ignoreChanges: ["availability_zone"] },
      });
      new RouteTableAssociation(this, `route-${zone}`, { subnetId: subnet.id, routeTableId: routes.id });
      return subnet.id;
    });
    for (const [service, policy] of [
      ["s3", buildS3EndpointPolicy(stack)],
      ["dynamodb", buildDynamoEndpointPolicy(stack)],
    ] as const)
      new VpcEndpoint(this, service, {
        vpcId: this.#vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: [routes.id],
        policy,
        tags: { Name: `${name}-${service}` },
      });
    const tasks = new SecurityGroup(this, "tasks", {
      name: `${name}-tasks`,
      description: "Workers: no inbound traffic, outbound TLS to AWS",
      vpcId: this.#vpc.id,
      egress: [
        {
          description: "TLS to AWS",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["0.0.0.0/0"],
        },
      ],
    });
    this.taskSecurityGroupId = tasks.id;
    if (access === "endpoints") this.#addInterfaceEndpoints(region, tasks.id);
    else {
      const gateway = new InternetGateway(this, "gateway", { vpcId: this.#vpc.id, tags: { Name: name } });
      new Route(this, "internet", {
        routeTableId: routes.id,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway.id,
      });
    }
  }

  #addInterfaceEndpoints(region: string, taskGroup: string): void {
    const group = new SecurityGroup(this, "endpoints", {
      name: `${this.#name}-endpoints`,
      description: "Interface endpoints: inbound TLS from workers",
      vpcId: this.#vpc.id,
      ingress: [
        {
          description: "TLS from workers",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          securityGroups: [taskGroup],
        },
      ],
    });
    for (const service of interfaceEndpointServices)
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId: this.#vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: [...this.subnetIds],
        securityGroupIds: [group.id],
        privateDnsEnabled: true,
        policy: buildInterfaceEndpointPolicy(StageStack.of(this)),
        tags: { Name: `${this.#name}-${service}` },
      });
  }

  #addFlowLogs(): void {
    const logs = new LogGroup(this, "flow-logs", { name: `/reelway/${this.#name}/flow` });
    const role = new ServiceRole(this, "flow-role", {
      name: `${this.#name}-flow-logs`,
      service: "vpc-flow-logs.amazonaws.com",
    });
    logs.grantWrite(role);
    role.addPermission({
      actions: ["logs:DescribeLogGroups", "logs:DescribeLogStreams"],
      resources: [StageStack.of(this).arns.of("logs", "log-group:*")],
    });
    new FlowLog(this, "flow", {
      vpcId: this.#vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logs.arn,
      iamRoleArn: role.arn,
    });
  }
}
