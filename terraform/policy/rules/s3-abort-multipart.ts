import { type BlockBody, getBlocks, getNumber, getString, getStrings, getValues } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const isForWholeBucket = (rule: BlockBody): boolean =>
  getStrings(rule, "filter", "prefix").length === 0 &&
  getStrings(rule, "prefix").length === 0 &&
  ["and", "tag"].every((field) => getValues(rule, "filter", field).length === 0);

/** A lifecycle aborts multipart uploads that were given up. */
export const abortMultipart: Rule = {
  id: "CKV_AWS_300",
  description: "A lifecycle aborts multipart uploads that were given up.",
  rationale: "Their parts are seen in no listing and paid for ever.",
  appliesTo: ["aws_s3_bucket_lifecycle_configuration"],
  check: ({ body }) =>
    failUnless(
      getBlocks(body, "rule").some(
        (rule) =>
          getString(rule, "status") === "Enabled" &&
          isForWholeBucket(rule) &&
          getNumber(rule, "abort_incomplete_multipart_upload", "days_after_initiation") !== undefined,
      ),
      "aborts no multipart upload that was given up",
      "Add an enabled rule for the whole bucket with abort_incomplete_multipart_upload.",
    ),
};
