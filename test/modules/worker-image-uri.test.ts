import { expect } from "chai";
import { StageStack } from "../../modules/stack.ts";
import { assertLambdaImage, assertTaskImage, findRepositoryArn } from "../../modules/worker-image-uri.ts";
import { deployment, testApp } from "./synthesize-stack.ts";

describe("assertLambdaImage", () => {
  const check = (repository: string) => () =>
    assertLambdaImage({ stage: "dev", region: "us-east-1" }, { repository, digest: null });

  it("accepts the stage's repository and those of Amazon ECR in the stage's Region", () => {
    for (const repository of ["ffmpeg", "123456789012.dkr.ecr.us-east-1.amazonaws.com/media/ffmpeg"])
      expect(check(repository), repository).to.not.throw();
  });

  it("names the image that AWS Lambda cannot pull", () => {
    for (const repository of [
      "ghcr.io/example/ffmpeg",
      "public.ecr.aws/example/ffmpeg",
      "123456789012.dkr.ecr.eu-central-1.amazonaws.com/ffmpeg",
    ])
      expect(check(repository), repository).to.throw(
        `The image ${repository} (image.json) cannot run the watchers of the channels in stage dev`,
      );
  });
});

describe("assertTaskImage", () => {
  const check = (repository: string, network: "endpoints" | "public") => () =>
    assertTaskImage({ stage: "dev", region: "us-east-1", network }, { repository, digest: null });

  it("accepts Amazon ECR in the stage's Region, of any account, in every network", () => {
    for (const repository of ["ffmpeg", "210987654321.dkr.ecr.us-east-1.amazonaws.com/media/ffmpeg"])
      for (const network of ["endpoints", "public"] as const)
        expect(check(repository, network), repository).to.not.throw();
  });

  it("accepts other registries only from public subnets", () => {
    for (const repository of [
      "ghcr.io/example/ffmpeg",
      "public.ecr.aws/example/ffmpeg",
      "123456789012.dkr.ecr.eu-central-1.amazonaws.com/ffmpeg",
    ]) {
      expect(check(repository, "public"), repository).to.not.throw();
      expect(check(repository, "endpoints"), repository).to.throw(
        `The image ${repository} (image.json) cannot be pulled in stage dev`,
      );
    }
  });
});

describe("findRepositoryArn", () => {
  it("is the repository that the execution role may pull", () => {
    const stack = new StageStack(testApp(), "compute", { deployment: deployment({}) });
    const find = (repository: string) => findRepositoryArn(stack, { repository, digest: null });
    expect(find("ffmpeg")).to.match(/:repository\/reelway-dev-ffmpeg$/);
    expect(find("210987654321.dkr.ecr.eu-central-1.amazonaws.com/media/ffmpeg")).to.equal(
      "arn:aws:ecr:eu-central-1:210987654321:repository/media/ffmpeg",
    );
    expect(find("ghcr.io/example/ffmpeg")).to.equal(undefined);
  });
});
