import type { Deployment } from "../../modules/names.ts";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { GitHubError } from "../pull-request/github.ts";
import { type RepositoryIds, readRepositoryIds } from "../pull-request/github-ids.ts";

const name = "github";

/** Repositories created since then have subjects with ids (GitHub changelog, 23 April 2026). */
const firstDayOfIds = new Date("2026-07-15T00:00:00Z");

type GithubSettings = NonNullable<Deployment["github"]>;

/** Compares the trust in a repository with the subject of its tokens. */
export const checkGithub = (
  { repository, ownerId, repositoryId }: Pick<GithubSettings, "repository" | "ownerId" | "repositoryId">,
  ids: RepositoryIds,
): CheckResult => {
  const line = `repository: "${ids.fullName}", ownerId: ${ids.ownerId}, repositoryId: ${ids.repositoryId}`;
  const advice = `Set in github of the stage, then deploy the stack state: ${line}`;
  if (ids.fullName !== repository)
    return failure(name, `${repository} is now named ${ids.fullName}, and its tokens say so`, advice);
  if (ids.isCustomized)
    return failure(
      name,
      `${repository} has a subject claim of its own, which the stage's roles do not accept`,
      `Use the default: gh api --method PUT repos/${repository}/actions/oidc/customization/sub -F use_default=true`,
    );
  if (ownerId !== undefined && repositoryId !== undefined) {
    if (String(ownerId) !== ids.ownerId || String(repositoryId) !== ids.repositoryId)
      return failure(name, `ownerId or repositoryId is not that of ${repository}`, advice);
    return ids.usesIds === false
      ? failure(
          name,
          `the tokens of ${repository} do not contain ids, and the stage's roles expect them`,
          "Remove ownerId and repositoryId from github of the stage, then deploy the stack state.",
        )
      : ok(name, `the stage's roles trust ${repository} by its ids`);
  }
  if (ids.usesIds ?? ids.createdAt >= firstDayOfIds)
    return failure(
      name,
      `the tokens of ${repository} contain ids, which the stage's roles do not expect`,
      advice,
    );
  return ids.usesIds === false
    ? ok(name, `the stage's roles trust ${repository} by its name`)
    : warning(
        name,
        `${repository} is trusted by its name; if it was renamed, transferred or set to immutable subjects since 15 July 2026, its tokens contain ids`,
        `In that case: ${advice}`,
      );
};

/** Checks the GitHub repository of a stage, if it has one. */
export const runGithubCheck = async ({
  github,
}: Pick<Deployment, "github">): Promise<readonly CheckResult[]> => {
  if (github === undefined) return [];
  try {
    return [checkGithub(github, await readRepositoryIds(github.repository))];
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    return [
      warning(
        name,
        `${github.repository} not checked: gh is not installed or signed in, or may not read it`,
        `gh auth login, then: gh api repos/${github.repository} --jq '{ownerId: .owner.id, repositoryId: .id, created: .created_at}'`,
      ),
    ];
  }
};
