import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A service may call a function only for the resource and the account that are named. */
export const permissionSource: Rule = {
  id: "CKV_AWS_364",
  description: "A service may call a function only for the resource and the account that are named.",
  rationale: "Anybody could let the service call our function through a resource of their own.",
  appliesTo: ["aws_lambda_permission"],
  check: ({ body }) => {
    const source = getString(body, "source_arn");
    const isService = /\.amazonaws\.com$/.test(getString(body, "principal") ?? "");
    // The ARN of a bucket names no account, and a bucket that was deleted may become another's.
    const isNamed =
      getString(body, "source_account") !== undefined || !/^arn:aws:s3:|aws_s3_bucket\./.test(source ?? "");
    return [
      ...failUnless(
        !isService || (source !== undefined && source !== "*"),
        "does not say for which resource the service may call",
        "Set source_arn to the resource's ARN.",
      ),
      ...failUnless(
        !isService || isNamed,
        "does not say for which account the service may call",
        "Set source_account to the account's number.",
      ),
    ];
  },
};
