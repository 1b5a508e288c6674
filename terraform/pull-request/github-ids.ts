import * as z from "zod";
import { readGitHubDocument } from "./github.ts";

const repositorySchema = z.looseObject({
  id: z.int(),
  full_name: z.string(),
  created_at: z.string(),
  owner: z.looseObject({ id: z.int() }),
});
const subjectSchema = z.looseObject({
  use_default: z.boolean().optional(),
  use_immutable_subject: z.boolean().optional(),
});

/** What decides about the subject of a repository's OIDC tokens. */
export interface RepositoryIds {
  /** Current `owner/name`; GitHub redirects earlier names to it. */
  readonly fullName: string;
  readonly ownerId: string;
  readonly repositoryId: string;
  readonly createdAt: Date;
  /** Whether subjects contain the ids; undefined if GitHub did not say. */
  readonly usesIds: boolean | undefined;
  /** Whether the repository has a subject of its own making, which the stage's roles do not accept. */
  readonly isCustomized: boolean;
}

/**
 * Reads the ids of a repository, and whether the subjects of its tokens contain them (GitHub REST API, "Get a repository"
 * and "Get the customization template for an OIDC subject claim for a repository").
 *
 * @param repository `owner/name`
 * @throws GitHubError if the repository cannot be read
 */
export const readRepositoryIds = async (repository: string): Promise<RepositoryIds> => {
  const { id, full_name, created_at, owner } = repositorySchema.parse(
    await readGitHubDocument(`repos/${repository}`),
  );
  // Needs a token with the scope `repo`, which not every caller has.
  const subject = subjectSchema.safeParse(
    await readGitHubDocument(`repos/${repository}/actions/oidc/customization/sub`).catch(() => ({})),
  );
  return {
    fullName: full_name,
    ownerId: String(owner.id),
    repositoryId: String(id),
    createdAt: new Date(created_at),
    usesIds: subject.data?.use_immutable_subject,
    isCustomized: subject.data?.use_default === false,
  };
};
