import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { UserError } from "../../pipeline/errors/errors.ts";

/** The stage's repository is not there yet. */
export class RepositoryMissingError extends UserError {
  constructor(repository: string) {
    super(
      `The account's registry has no repository ${repository}. Make it first: npx reelway deploy --only registry, with the same --stage.`,
    );
  }
}

/** A repository of Amazon's registry, of the account that the credentials are of. */
export interface Registry {
  /**
   * URI of the repository, without a tag.
   *
   * @throws RepositoryMissingError
   */
  uri(): Promise<string>;
  /** The digest of the image with this tag or digest; undefined where there is none. */
  findDigest(image: { readonly tag: string } | { readonly digest: string }): Promise<string | undefined>;
  /** What an engine logs in with; good for twelve hours. */
  getCredentials(): Promise<{ readonly username: string; readonly password: string }>;
}

/** Opens a repository by its name. */
export const openRegistry = (client: ECRClient, repository: string): Registry => ({
  async uri() {
    try {
      const { repositories = [] } = await client.send(
        new DescribeRepositoriesCommand({ repositoryNames: [repository] }),
      );
      const uri = repositories[0]?.repositoryUri;
      if (uri !== undefined) return uri;
    } catch (cause) {
      if (!(cause instanceof RepositoryNotFoundException)) throw cause;
    }
    throw new RepositoryMissingError(repository);
  },
  async findDigest(image) {
    const id = "tag" in image ? { imageTag: image.tag } : { imageDigest: image.digest };
    try {
      const { imageDetails = [] } = await client.send(
        new DescribeImagesCommand({ repositoryName: repository, imageIds: [id] }),
      );
      return imageDetails[0]?.imageDigest;
    } catch (cause) {
      if (cause instanceof ImageNotFoundException) return undefined;
      if (cause instanceof RepositoryNotFoundException) throw new RepositoryMissingError(repository);
      throw cause;
    }
  },
  async getCredentials() {
    const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
    // `user:password` in base64 (API reference, AuthorizationData).
    const token = Buffer.from(authorizationData[0]?.authorizationToken ?? "", "base64").toString();
    const separatorIndex = token.indexOf(":");
    if (separatorIndex < 1) throw new UserError("The account's registry gave no token to log in with.");
    return { username: token.slice(0, separatorIndex), password: token.slice(separatorIndex + 1) };
  },
});
