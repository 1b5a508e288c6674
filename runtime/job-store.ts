import type { Job } from "../pipeline/jobs/job.ts";
import type { JobStore } from "../pipeline/jobs/job-store.ts";
import { localBuckets } from "./names.ts";
import type { OutputTree } from "./output-tree.ts";

/** Links the outputs of a job into the output folder. */
export const linkOutputs = async (tree: OutputTree, { outputs }: Pick<Job, "outputs">): Promise<void> =>
  tree.link(
    localBuckets.output,
    outputs.map(({ key }) => key),
  );

/** Wraps a job store so that the files are in the output folder before a job is Complete. */
export const createLinkingJobStore = (store: JobStore, tree: OutputTree): JobStore => ({
  ...store,
  async closeJob(id, attempt, end) {
    if (end.status === "Complete") await linkOutputs(tree, end);
    return store.closeJob(id, attempt, end);
  },
});
