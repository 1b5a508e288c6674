import { TerraformVariable } from "#cdktf";
import { UserError } from "../pipeline/errors/errors.ts";
import type { Deployment } from "./names.ts";
import type { StageStack } from "./stack.ts";
import { buildImageUri, type WorkerImage } from "./worker-image.ts";

/** Returns the URI of the worker's image with its digest: a variable of the stack while the image record has none. */
export const resolveWorkerImage = (stack: StageStack, image: WorkerImage): string => {
  const { arns, deployment, names } = stack;
  const host = `${arns.account}.dkr.ecr.${deployment.region}.amazonaws.com`;
  return buildImageUri(image, `${host}/${names.imageRepository}`) ?? addWorkerImageVariable(stack);
};

const addWorkerImageVariable = (stack: StageStack): string =>
  new TerraformVariable(stack, "worker_image", {
    type: "string",
    description: "URI@DIGEST of the worker's image. To build it and record its digest: npx reelway image",
    validation: [
      {
        condition: `\${can(regex("@sha256:[0-9a-f]{64}$", var.worker_image))}`,
        errorMessage: "The worker's image must have a digest: URI@sha256:….",
      },
    ],
  }).stringValue;

const ecrPattern = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/;

/**
 * Checks that the stage's network can reach the registry of the image: without internet access, only Amazon ECR in the
 * stage's Region.
 *
 * @throws UserError
 */
export const assertTaskImage = (
  { stage, region, network }: Pick<Deployment, "stage" | "region" | "network">,
  { repository }: WorkerImage,
): void => {
  if (!repository.includes("/") || network === "public") return;
  if (ecrPattern.exec(repository)?.[2] !== region)
    throw new UserError(
      `The image ${repository} (image.json) cannot be pulled in stage ${stage}: its tasks reach Amazon ECR in ${region} only (network: "endpoints"). Set repository to "ffmpeg" and run npx reelway image --stage ${stage}, which builds it in the stage's own repository, or set network: "public".`,
    );
};

/**
 * ARN of the ECR repository that tasks pull the image from.
 *
 * @returns undefined for a registry without AWS credentials
 */
export const findRepositoryArn = (
  { arns, names }: Pick<StageStack, "arns" | "names">,
  { repository }: WorkerImage,
): string | undefined => {
  if (!repository.includes("/")) return arns.of("ecr", `repository/${names.imageRepository}`);
  const [, account, region, name] = ecrPattern.exec(repository) ?? [];
  return name === undefined ? undefined : `arn:aws:ecr:${region}:${account}:repository/${name}`;
};

/**
 * Checks that AWS Lambda can pull the image: only from Amazon ECR, and only in its own Region (Lambda developer guide,
 * "Create a Lambda function using a container image").
 *
 * @throws UserError
 */
export const assertLambdaImage = (
  { stage, region }: Pick<Deployment, "stage" | "region">,
  { repository }: WorkerImage,
): void => {
  if (!repository.includes("/")) return;
  if (ecrPattern.exec(repository)?.[2] !== region)
    throw new UserError(
      `The image ${repository} (image.json) cannot run the watchers of the channels in stage ${stage}: AWS Lambda pulls images only from Amazon ECR in its own Region, ${region}. Copy the image there, or set repository to "ffmpeg" to build it in the stage's own repository.`,
    );
};
