import { Construct } from "constructs";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

/** Properties of `WorkerTaskReference`. */
export interface WorkerTaskReferenceProps {
  /** Family of the task definition; in Reelway's stages `names.workerTaskFamily`. */
  readonly name: string;
}

/** The worker's task definition of this or another stack, referenced by family. Creates no resource. */
export class WorkerTaskReference extends Construct {
  #family: string;

  constructor(scope: Construct, id: string, { name }: WorkerTaskReferenceProps) {
    super(scope, id);
    this.#family = name;
  }

  /**
   * Grants starting tasks, on the stage's cluster only, with exactly the worker's two roles, and tagging them while they are
   * started.
   */
  grantRunTask(role: ServiceRole): void {
    const { arns } = StageStack.of(this);
    role.addPermission({
      actions: ["ecs:RunTask"],
      // With a revision, and without for the latest one.
      resources: ["", ":*"].map((revision) => arns.of("ecs", `task-definition/${this.#family}${revision}`)),
      condition: this.#matchCluster(),
    });
    role.addPermission({
      actions: ["iam:PassRole"],
      resources: ["task", "execution"].map((purpose) => arns.role(`${this.#family}-${purpose}`)),
      condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
    role.addPermission({
      actions: ["ecs:TagResource"],
      resources: [this.#getTasksArn()],
      condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    });
  }

  /** Grants describing or stopping tasks. */
  grantManageTasks(role: ServiceRole, ...calls: readonly ("DescribeTasks" | "StopTask")[]): void {
    role.addPermission({
      actions: calls.map((call) => `ecs:${call}`),
      resources: [this.#getTasksArn()],
      condition: this.#matchCluster(),
    });
  }

  #getTasksArn(): string {
    const { arns, names } = StageStack.of(this);
    return arns.of("ecs", `task/${names.cluster}/*`);
  }

  #matchCluster() {
    const { arns, names } = StageStack.of(this);
    return { ArnEquals: { "ecs:cluster": arns.of("ecs", `cluster/${names.cluster}`) } };
  }
}
