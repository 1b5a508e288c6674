import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Images are scanned on push. */
export const scanOnPush: Rule = {
  id: "CKV_AWS_163",
  description: "Images are scanned on push.",
  rationale: "Without scans, known vulnerabilities of ffmpeg or Node.js are not noticed.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "image_scanning_configuration", "scan_on_push"),
      "does not scan its images",
      "Set image_scanning_configuration.scan_on_push to true.",
    ),
};
