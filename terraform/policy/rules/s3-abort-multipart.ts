import { type Body, bodies, number, text, texts, values } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

const coversAll = (rule: Body): boolean =>
  texts(rule, "filter", "prefix").length === 0 &&
  texts(rule, "prefix").length === 0 &&
  ["and", "tag"].every((field) => values(rule, "filter", field).length === 0);

/** A lifecycle aborts multipart uploads that were given up. */
export const abortMultipart: Rule = {
  id: "CKV_AWS_300",
  what: "A lifecycle aborts multipart uploads that were given up.",
  why: "Their parts are seen in no listing and paid for ever.",
  appliesTo: ["aws_s3_bucket_lifecycle_configuration"],
  check: ({ body }) =>
    unless(
      bodies(body, "rule").some(
        (rule) =>
          text(rule, "status") === "Enabled" &&
          coversAll(rule) &&
          number(rule, "abort_incomplete_multipart_upload", "days_after_initiation") !== undefined,
      ),
      "aborts no multipart upload that was given up",
      "Add an enabled rule for the whole bucket with abort_incomplete_multipart_upload.",
    ),
};
