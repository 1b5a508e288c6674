import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { UserError } from "../../pipeline/errors/errors.ts";

/** GitHub did not do what it was asked. */
export class GitHubError extends UserError {
  constructor(operation: string, reason: string) {
    super(
      `GitHub: ${operation} failed: ${reason.trim() || "gh did not say why"}. It needs the program gh, signed in (gh auth login) or with GH_TOKEN.`,
    );
  }
}

/** What is asked of GitHub about one repository. */
export interface GitHub {
  /** Every page of a list, below the repository: `pulls/1/comments`. */
  list(path: string): Promise<readonly unknown[]>;
  send(method: "POST" | "PATCH", path: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** Downloads a run's artifact into a folder; false where there is none, or not any more. */
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
  // A program that ends before it has read all is told of by its exit code.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  try {
    const [code, out, said] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { code, out, said };
  } catch (cause) {
    throw new GitHubError("starting gh", cause instanceof Error ? cause.message : String(cause));
  }
};

/** The repository that `gh` works on: that of the work tree, or what GH_REPO names. */
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
