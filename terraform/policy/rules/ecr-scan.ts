import { isOn } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Images are scanned when they are pushed. */
export const scanOnPush: Rule = {
  id: "CKV_AWS_163",
  what: "Images are scanned when they are pushed.",
  why: "A known hole in ffmpeg or Node would run on other people's media.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    unless(
      isOn(body, "image_scanning_configuration", "scan_on_push"),
      "does not scan its images",
      "Set image_scanning_configuration.scan_on_push to true.",
    ),
};
