import { Construct } from "constructs";
import { EcrLifecyclePolicy } from "#aws/ecr-lifecycle-policy";
import { EcrRepository } from "#aws/ecr-repository";
import { StageStack } from "./stack.ts";

/** Days after which untagged images expire, and the number of images to keep. */
const retention = { untaggedDays: 14, maxTaggedImages: 50 };

/** A repository with immutable tags and scan on push. */
export class ImageRepository extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name }: { /** A change REPLACES the repository. */ readonly name: string },
  ) {
    super(scope, id);
    const { isProtected } = StageStack.of(this);
    const repository = new EcrRepository(this, "repository", {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS" }],
      lifecycle: { preventDestroy: isProtected },
    });
    const buildSelection = (status: "untagged" | "any", rest: Readonly<Record<string, unknown>>) => ({
      tagStatus: status,
      ...rest,
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: "Expire untagged images",
            selection: buildSelection("untagged", {
              countType: "sinceImagePushed",
              countUnit: "days",
              countNumber: retention.untaggedDays,
            }),
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            description: "Keep the newest images for rollbacks",
            selection: buildSelection("any", {
              countType: "imageCountMoreThan",
              countNumber: retention.maxTaggedImages,
            }),
            action: { type: "expire" },
          },
        ],
      }),
    });
  }
}
