import { Construct } from "constructs";
import { EcrLifecyclePolicy } from "#aws/ecr-lifecycle-policy";
import { EcrRepository } from "#aws/ecr-repository";
import { StageStack } from "./stack.ts";

/** Days after which an image without a tag is deleted, and how many tagged ones stay. */
const retention = { untaggedDays: 14, maxTaggedImages: 50 };

/** A repository whose tags never move and whose images are scanned. */
export class ImageRepository extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { name }: { /** A change REPLACES it. */ readonly name: string },
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
            description: "Images that no tag names any more",
            selection: buildSelection("untagged", {
              countType: "sinceImagePushed",
              countUnit: "days",
              countNumber: retention.untaggedDays,
            }),
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            description: "The newest ones stay, to go back to",
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
