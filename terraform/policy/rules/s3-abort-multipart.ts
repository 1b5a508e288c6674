import { type BlockBody, getBlocks, getNumber, getString, getStrings, getValues } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const isForWholeBucket = (rule: BlockBody): boolean =>
  getStrings(rule, "filter", "prefix").length === 0 &&
  getStrings(rule, "prefix").length === 0 &&
  ["and", "tag"].every((field) => getValues(rule, "filter", field).length === 0);

/** Lifecycle rules abort incomplete multipart uploads. */
export const abortMultipart: Rule = {
  id: "CKV_AWS_300",
  description: "Lifecycle rules abort incomplete multipart uploads.",
  rationale: "Their parts appear in no listing and are billed indefinitely.",
  appliesTo: ["aws_s3_bucket_lifecycle_configuration"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "rule").some(
        (rule) =>
          getString(rule, "status") === "Enabled" &&
          isForWholeBucket(rule) &&
          getNumber(rule, "abort_incomplete_multipart_upload", "days_after_initiation") !== undefined,
      ),
      "does not abort incomplete multipart uploads",
      "Add an enabled rule for the whole bucket with abort_incomplete_multipart_upload.",
    ),
};
