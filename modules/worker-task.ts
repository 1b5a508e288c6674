import type { Construct } from "constructs";
import { EcsTaskDefinition } from "#aws/ecs-task-definition";
import type { TaskDefinitionEnvironment } from "../pipeline/environment/worker.ts";
import { LogGroup } from "./log-group.ts";
import { getReaderVariables } from "./reader-environment.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";
import { WorkerTaskReference } from "./worker-task-reference.ts";

/** Name of the worker's container in its task definition. */
export const workerContainerName = "ffmpeg";

/** User and group of ffmpeg, ffprobe and the image program in the worker's container. */
export const mediaUser = "10002:10002";

/**
 * Docker's default capabilities, which are Fargate's, without those that the worker needs to start, signal and clean up
 * after programs of another user: CHOWN, KILL, SETGID and SETUID.
 */
export const droppedCapabilities: readonly string[] = [
  "AUDIT_WRITE",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETPCAP",
  "SYS_CHROOT",
];

/** Properties of `WorkerTask`. */
export interface WorkerTaskProps {
  /** Family of the task definition and prefix of the role names; at most 54 characters. */
  readonly name: string;
  /** Image with digest: `URI@sha256:…`. */
  readonly image: string;
  /** ARN of the ECR repository of the image; absent: another registry. */
  readonly repositoryArn?: string | undefined;
  /** Default CPU units of a task, 1024 per vCPU. */
  readonly cpu: number;
  /** Default memory of a task, MiB. */
  readonly memory: number;
  /** GiB of scratch, 21–200. */
  readonly scratchGiB: number;
  readonly architecture: "X86_64" | "ARM64";
  readonly environment: Omit<TaskDefinitionEnvironment, "MEDIA_USER" | "ROLE_NAME" | "STAGE_NAME">;
}

/**
 * The ffmpeg worker on Fargate, with a read-only root file system and one scratch volume. The worker holds the task's
 * credentials and is root without the capabilities that make root powerful; the programs that read media run as
 * `mediaUser`, without any (SECURITY.md).
 */
export class WorkerTask extends WorkerTaskReference {
  /** Role of the worker program. */
  readonly taskRole: ServiceRole;

  constructor(scope: Construct, id: string, props: WorkerTaskProps) {
    super(scope, id, props);
    const { name } = props;
    const { deployment } = StageStack.of(this);
    const logGroup = new LogGroup(this, "logs", { name: `/reelway/${name}` });
    const addRole = (purpose: string) =>
      new ServiceRole(this, purpose, { name: `${name}-${purpose}`, service: "ecs-tasks.amazonaws.com" });
    this.taskRole = addRole("task");
    const executionRole = addRole("execution");
    if (props.repositoryArn !== undefined) {
      executionRole.addPermission({ actions: ["ecr:GetAuthorizationToken"], resources: ["*"] });
      executionRole.addPermission({
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [props.repositoryArn],
      });
    }
    logGroup.grantWrite(executionRole);
    new EcsTaskDefinition(this, "task-definition", {
      family: name,
      // Tasks are started by family, also during a deployment. Running tasks and EventBridge's retries keep the revision
      // that they began with.
      skipDestroy: true,
      lifecycle: { createBeforeDestroy: true },
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memory),
      taskRoleArn: this.taskRole.arn,
      executionRoleArn: executionRole.arn,
      runtimePlatform: { cpuArchitecture: props.architecture, operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGib: props.scratchGiB },
      volume: [{ name: "scratch" }],
      containerDefinitions: JSON.stringify([
        {
          name: workerContainerName,
          image: props.image,
          essential: true,
          user: "0:0",
          privileged: false,
          readonlyRootFilesystem: true,
          linuxParameters: { initProcessEnabled: true, capabilities: { drop: droppedCapabilities } },
          mountPoints: [{ sourceVolume: "scratch", containerPath: "/scratch", readOnly: false }],
          stopTimeout: 30,
          environment: Object.entries({
            ...props.environment,
            ...getReaderVariables(StageStack.of(this), `${name}-task`),
            MEDIA_USER: mediaUser,
          })
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([variable, value]) => ({ name: variable, value })),
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": logGroup.name,
              "awslogs-region": deployment.region,
              "awslogs-stream-prefix": "worker",
            },
          },
        },
      ]),
    });
  }
}
