import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { UserError } from "../../pipeline/errors/errors.ts";

/** A request to GitHub failed. */
export class GitHubError extends UserError {
  constructor(operation: string, reason: string) {
    super(
      `GitHub: ${operation} failed: ${reason.trim() || "gh printed no reason"}. Check that gh is installed and signed in (gh auth login) or that GH_TOKEN is set.`,
    );
  }
}

/** GitHub's REST API for one repository. All methods except `download` throw GitHubError. */
export interface GitHub {
  /** Reads all pages of a list. @param path relative to the repository, e.g. `pulls/1/comments` */
  list(path: string): Promise<readonly unknown[]>;
  send(method: "POST" | "PATCH", path: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** Downloads a run's artifact into a folder; false if it does not exist or has expired. */
  download(run: string, artifact: string, directory: string): Promise<boolean>;
}

const runGh = async (
  args: readonly string[],
  input = "",
): Promise<{ code: number; out: string; said: string }> => {
  const child = spawn("gh", args, { stdio: ["pipe", "pipe", "pipe"] });
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  // If gh ends before it has read its input, its exit code reports the failure.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const [code, out, said] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { code, out, said };
  } catch (cause) {
    throw new GitHubError("starting gh", cause instanceof Error ? cause.message : String(cause));
  }
};

/**
 * Reads a document of any repository with `gh`.
 *
 * @param path e.g. `repos/owner/name`
 * @throws GitHubError
 */
export const readGitHubDocument = async (path: string): Promise<unknown> => {
  const { code, out, said } = await runGh(["api", path]);
  if (code !== 0) throw new GitHubError(`reading ${path}`, said);
  return JSON.parse(out);
};

/** Opens the repository that `gh` uses: that of the working directory, or GH_REPO. */
export const openGitHub = (): GitHub => ({
  async list(path) {
    const url = `${path}${path.includes("?") ? "&" : "?"}per_page=100`;
    const { code, out, said } = await runGh(["api", "--paginate", "--slurp", `repos/{owner}/{repo}/${url}`]);
    if (code !== 0) throw new GitHubError(`reading ${path}`, said);
    const pages: unknown = JSON.parse(out);
    return Array.isArray(pages) ? pages.flat() : [];
  },
  async send(method, path, body) {
    const args = ["api", "--method", method, `repos/{owner}/{repo}/${path}`, "--input", "-", "--silent"];
    const { code, said } = await runGh(args, JSON.stringify(body));
    if (code !== 0) throw new GitHubError(`${method} ${path}`, said);
  },
  async download(run, artifact, directory) {
    const { code } = await runGh(["run", "download", run, "--name", artifact, "--dir", directory]);
    return code === 0;
  },
});
