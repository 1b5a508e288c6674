import {
  DescribeImagesCommand,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { type CheckResult, failure, ok, warning } from "../../pipeline/text/check-result.ts";
import { findEngine } from "../image/container-engine.ts";
import { withRequests } from "./failed-request.ts";
import type { StageAccount } from "./stage-account.ts";
import type { StageTarget } from "./stage-target.ts";

const name = "image";

/** Where an image is pulled from, and whether it is there; undefined without an answer. */
interface ImageLocation {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
}

/** Parses the URI of a repository of Amazon ECR; undefined for another registry. */
export const parseEcrRepository = (uri: string): ImageLocation | undefined => {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)$/.exec(uri) ?? [];
  return account === undefined || region === undefined || repository === undefined
    ? undefined
    : { account, region, repository };
};

/**
 * Checks that tasks reach the registry of an image with a host: through interface endpoints only Amazon ECR in the
 * stage's own Region (Amazon ECR user guide, "Amazon ECR interface VPC endpoints"); undefined without a finding.
 */
export const checkImageRegistry = (
  { region, network }: { readonly region: string; readonly network: "endpoints" | "public" },
  repository: string,
): CheckResult | undefined =>
  network === "public" || parseEcrRepository(repository)?.region === region
    ? undefined
    : failure(
        name,
        `tasks cannot pull ${repository}: with network "endpoints" they reach only Amazon ECR in ${region}`,
        'Set network: "public" for the stage, or repository to "ffmpeg" in image.json to build the image in the stage\'s repository.',
      );

/** Whether a repository in the Region of the client contains an image; undefined if the repository does not exist. */
const hasImage = async (
  { ecr }: Pick<StageAccount, "ecr">,
  { account, repository }: { readonly account?: string; readonly repository: string },
  digest: string,
): Promise<boolean | undefined> => {
  try {
    await ecr.send(
      new DescribeImagesCommand({
        ...(account === undefined ? {} : { registryId: account }),
        repositoryName: repository,
        imageIds: [{ imageDigest: digest }],
      }),
    );
    return true;
  } catch (cause) {
    if (cause instanceof ImageNotFoundException) return false;
    if (cause instanceof RepositoryNotFoundException) return undefined;
    throw cause;
  }
};

/** Checks that `deploy` can build the image that is not there yet. */
const checkBuild = async (reason: string): Promise<CheckResult> => {
  try {
    return ok(name, `${reason} yet; deploy builds the image with ${await findEngine()}`);
  } catch {
    return failure(
      name,
      `${reason} yet, and no container engine was found to build the image`,
      "Install docker, podman or buildah, or deploy an existing image: --image URI@DIGEST",
    );
  }
};

/** Checks that the image of the worker can be pulled by tasks, or built. */
export const runImageCheck = (
  { deployment, names, image }: Pick<StageTarget, "deployment" | "names" | "image">,
  account: Pick<StageAccount, "ecr"> | undefined,
): Promise<readonly CheckResult[]> =>
  withRequests(name, "ecr:DescribeImages", async () => {
    if (image === undefined) return [];
    const { repository, digest } = image;
    const isExternal = repository.includes("/");
    const registryProblem = isExternal ? checkImageRegistry(deployment, repository) : undefined;
    if (registryProblem !== undefined) return registryProblem;
    if (digest === null) return checkBuild("image.json has no digest");
    if (account === undefined) return [];
    const location = isExternal ? parseEcrRepository(repository) : { repository: names.imageRepository };
    if (location === undefined || ("region" in location && location.region !== deployment.region))
      return ok(name, `${repository}@${digest}, pulled from outside the Region; not checked further`);
    const isThere = await hasImage(account, location, digest);
    if (isThere) return ok(name, `${location.repository} contains ${digest}`);
    if (!isExternal)
      return checkBuild(
        isThere === undefined
          ? `the repository ${names.imageRepository} does not exist`
          : `the repository ${names.imageRepository} does not contain ${digest}`,
      );
    return warning(
      name,
      `${repository} does not contain ${digest}`,
      'Push it there, correct image.json, or set repository to "ffmpeg" to build the image in the stage\'s repository.',
    );
  });
