import { Construct } from "constructs";
import { CloudwatchLogGroup } from "#aws/cloudwatch-log-group";
import { EcsTaskDefinition } from "#aws/ecs-task-definition";
import type { WorkerDefinition } from "../pipeline/environment/worker.ts";
import type { Arns } from "./naming.ts";
import { type Permission, ServiceRole } from "./role.ts";

/** Name of the worker's container in its task definition. */
export const workerContainer = "ffmpeg";

export interface WorkerTaskProps {
  /** Family of the task definition, and the start of the roles' names: at most 54 characters. */
  readonly name: string;
  readonly arns: Arns;
  /** AWS region. */
  readonly region: string;
  /** Repository in this account's registry. */
  readonly repository: string;
  readonly tag: string;
  /** CPU units, 1024 a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** GiB of scratch, 21–200. */
  readonly scratch: number;
  readonly environment: WorkerDefinition;
  /** What the worker itself may do. */
  readonly permissions: readonly Permission[];
}

/** The ffmpeg worker on Fargate: an ordinary user on a read-only root, with one volume to write to. */
export class WorkerTask extends Construct {
  constructor(scope: Construct, id: string, props: WorkerTaskProps) {
    super(scope, id);
    const { name, arns, region } = props;
    const group = `/reelway/${name}`;
    const logs = new CloudwatchLogGroup(this, "logs", { name: group, retentionInDays: 365 });
    const role = (what: string, permissions: readonly Permission[]) =>
      new ServiceRole(this, what, {
        name: `${name}-${what}`,
        service: "ecs-tasks.amazonaws.com",
        account: arns.account,
        permissions,
      });
    const task = role("task", props.permissions);
    const execution = role("execution", [
      { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      {
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [arns.of("ecr", `repository/${props.repository}`)],
      },
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [arns.of("logs", `log-group:${group}:*`)],
      },
    ]);
    new EcsTaskDefinition(this, "task-definition", {
      family: name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memory),
      taskRoleArn: task.arn,
      executionRoleArn: execution.arn,
      runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGib: props.scratch },
      volume: [{ name: "scratch" }],
      containerDefinitions: JSON.stringify([
        {
          name: workerContainer,
          image: `${arns.account}.dkr.ecr.${region}.amazonaws.com/${props.repository}:${props.tag}`,
          essential: true,
          user: "10001:10001",
          privileged: false,
          readonlyRootFilesystem: true,
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
          mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch", readOnly: false }],
          stopTimeout: 30,
          environment: Object.entries(props.environment)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([variable, value]) => ({ name: variable, value })),
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": "worker" },
          },
        },
      ]),
      dependsOn: [logs],
    });
  }
}
