import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The current GitHub Actions run. */
export interface WorkflowRun {
  readonly id: string;
  readonly url: string;
}

/** Login of comments that workflows write. */
export const workflowAuthor = "github-actions[bot]";

/** Reads the run from GitHub's variables (GitHub Docs, "Default environment variables"); undefined outside a workflow. */
export const readWorkflowRun = (
  environment: Readonly<Record<string, string | undefined>>,
): WorkflowRun | undefined => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = environment;
  return server && repository && id && /^\d+$/.test(id)
    ? { id, url: `${server}/${repository}/actions/runs/${id}` }
    : undefined;
};

/** Returns the checked-out commit; undefined outside a git work tree or without git. */
export const readHeadCommit = async (directory: string): Promise<string | undefined> => {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: directory });
    return stdout.trim();
  } catch {
    return undefined;
  }
};
