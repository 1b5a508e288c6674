import { expect } from "chai";
import { assertLambdaImage } from "../../modules/worker-image-uri.ts";

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
