import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The run of GitHub Actions that this program is a part of. */
export interface WorkflowRun {
  readonly id: string;
  readonly url: string;
}

/** Reads it from the variables that GitHub sets (GitHub Docs, "Default environment variables"); undefined elsewhere. */
export const readWorkflowRun = (
  environment: Readonly<Record<string, string | undefined>>,
): WorkflowRun | undefined => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = environment;
  return server && repository && id && /^\d+$/.test(id)
    ? { id, url: `${server}/${repository}/actions/runs/${id}` }
    : undefined;
};

/** The commit that is checked out; undefined where this is no work tree of git, or git is not there. */
export const readHeadCommit = async (directory: string): Promise<string | undefined> => {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: directory });
    return stdout.trim();
  } catch {
    return undefined;
  }
};
