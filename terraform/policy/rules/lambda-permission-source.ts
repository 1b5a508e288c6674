import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Lambda permissions of services name the source resource and account. */
export const permissionSource: Rule = {
  id: "CKV_AWS_364",
  description: "Lambda permissions of services name the source resource and account.",
  rationale: "Otherwise another account can make the service call the function through its own resource.",
  appliesTo: ["aws_lambda_permission"],
  check: ({ body }) => {
    const source = getString(body, "source_arn");
    const isService = /\.amazonaws\.com$/.test(getString(body, "principal") ?? "");
    // A bucket's ARN names no account, and another account can recreate a deleted bucket.
    const isNamed =
      getString(body, "source_account") !== undefined || !/^arn:aws:s3:|aws_s3_bucket\./.test(source ?? "");
    return [
      ...failUnless(
        !isService || (source !== undefined && source !== "*"),
        "does not restrict the service to a source resource",
        "Set source_arn to the resource's ARN.",
      ),
      ...failUnless(
        !isService || isNamed,
        "does not restrict the service to a source account",
        "Set source_account to the account id.",
      ),
    ];
  },
};
