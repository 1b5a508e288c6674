import { Construct } from "constructs";
import { RouteTable } from "#aws/route-table";
import { RouteTableAssociation } from "#aws/route-table-association";
import { SecurityGroup } from "#aws/security-group";
import { Subnet } from "#aws/subnet";
import { Vpc } from "#aws/vpc";
import { VpcEndpoint } from "#aws/vpc-endpoint";

export interface PrivateNetworkProps {
  readonly name: string;
  /** AWS region. */
  readonly region: string;
}

/**
 * A network without a way to the internet: tasks reach S3 and DynamoDB through gateways, whose bytes cost nothing,
 * and the other services through interface endpoints. A NAT gateway would cost more than the encoding.
 */
export class PrivateNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly taskSecurityGroupId: string;

  constructor(scope: Construct, id: string, { name, region }: PrivateNetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: "10.64.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    const routes = new RouteTable(this, "routes", { vpcId: vpc.id });
    this.subnetIds = ["a", "b"].map((zone, index) => {
      const subnet = new Subnet(this, `subnet-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.64.${index * 16}.0/20`,
        availabilityZone: `${region}${zone}`,
        mapPublicIpOnLaunch: false,
      });
      new RouteTableAssociation(this, `route-${zone}`, { subnetId: subnet.id, routeTableId: routes.id });
      return subnet.id;
    });
    for (const service of ["s3", "dynamodb"])
      new VpcEndpoint(this, service, {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Gateway",
        routeTableIds: [routes.id],
      });
    const tasks = new SecurityGroup(this, "tasks", {
      name: `${name}-tasks`,
      description: "Workers: nobody calls them, they call AWS over TLS",
      vpcId: vpc.id,
      egress: [
        { description: "TLS", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] },
      ],
    });
    const endpoints = new SecurityGroup(this, "endpoints", {
      name: `${name}-endpoints`,
      description: "Interface endpoints, called by workers",
      vpcId: vpc.id,
      ingress: [
        { description: "Workers", protocol: "tcp", fromPort: 443, toPort: 443, securityGroups: [tasks.id] },
      ],
    });
    for (const service of ["ecr.api", "ecr.dkr", "logs"])
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: [...this.subnetIds],
        securityGroupIds: [endpoints.id],
        privateDnsEnabled: true,
      });
    this.taskSecurityGroupId = tasks.id;
  }
}
