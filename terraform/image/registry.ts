import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { UserError } from "../../pipeline/errors/errors.ts";

/** The stage's repository does not exist. */
export class RepositoryMissingError extends UserError {
  constructor(repository: string) {
    super(
      `The ECR repository ${repository} does not exist. Create it first, with the same --stage: npx reelway deploy --only registry`,
    );
  }
}

/** A repository of Amazon ECR in the account of the credentials. */
export interface Registry {
  /**
   * URI of the repository, without a tag.
   *
   * @throws RepositoryMissingError
   */
  uri(): Promise<string>;
  /** Finds the digest of the image with a tag or digest; undefined if it does not exist. */
  findDigest(image: { readonly tag: string } | { readonly digest: string }): Promise<string | undefined>;
  /** Gets login credentials, valid for twelve hours. */
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
    if (separatorIndex < 1) throw new UserError("Amazon ECR returned no authorization token.");
    return { username: token.slice(0, separatorIndex), password: token.slice(separatorIndex + 1) };
  },
});
