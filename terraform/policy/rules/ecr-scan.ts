import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Images are scanned when they are pushed. */
export const scanOnPush: Rule = {
  id: "CKV_AWS_163",
  description: "Images are scanned when they are pushed.",
  rationale: "A known hole in ffmpeg or Node would run on other people's media.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "image_scanning_configuration", "scan_on_push"),
      "does not scan its images",
      "Set image_scanning_configuration.scan_on_push to true.",
    ),
};
