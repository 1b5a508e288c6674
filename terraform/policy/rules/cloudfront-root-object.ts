import { getString } from "../block-values.ts";
import { distributionType } from "../distributions.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A distribution has a default root object. */
export const distributionRootObject: Rule = {
  id: "CKV_AWS_305",
  description: "A distribution has a default root object.",
  rationale: "Without one, a request to the root can list the objects of the bucket.",
  appliesTo: [distributionType],
  check: ({ body }) =>
    failUnless(
      getString(body, "default_root_object") !== undefined,
      "has no default root object",
      "Set default_root_object, e.g. to index.html.",
    ),
};
