import { renderStatus } from "../../terraform/pull-request/comment.ts";
import { formatJson, writePlanFiles } from "../../terraform/pull-request/plan-files.ts";
import { planStage } from "../../terraform/pull-request/plan-stage.ts";
import { readHeadCommit, readWorkflowRun } from "../../terraform/pull-request/workflow-run.ts";
import { createTerraformOpener, readStageStacks, report, type StageOptions } from "./stage.ts";

/** Options of `reelway plan`. */
export interface PlanOptions extends StageOptions {
  readonly out: string;
  readonly lock: boolean;
  readonly lockTimeout?: string;
  readonly commit?: string;
  readonly json?: true;
}

/** Plans the stacks of a stage and writes the review. */
export const planStacks = async (options: PlanOptions): Promise<void> => {
  const { stage, out, lock, lockTimeout, json } = options;
  const stacks = await readStageStacks(options);
  const stagePlan = await planStage(stacks, {
    open: createTerraformOpener(!lock),
    isReadOnly: !lock,
    lock,
    ...(lockTimeout !== undefined && { lockTimeout }),
    onStack: ({ name }) => report(`Planning ${name}`),
  });
  const summary = await writePlanFiles(stagePlan, {
    directory: out,
    stage,
    commit: options.commit ?? (await readHeadCommit(process.cwd())),
    run: readWorkflowRun(process.env),
    kind: "plan",
  });
  process.stdout.write(
    json
      ? formatJson(summary)
      : [
          ...summary.stacks.map((stack) => `${stack.name}: ${renderStatus(stack, (name) => name)}`),
          `Review: ${out}/comment.md. To apply exactly these plans: npx reelway apply --stage ${stage} --reviewed ${out}/summary.json`,
          "",
        ].join("\n"),
  );
};
