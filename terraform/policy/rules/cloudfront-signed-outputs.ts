import { getString, getStrings } from "../block-values.ts";
import { checkBehaviors, distributionType } from "../distributions.ts";
import type { Rule } from "../rule.ts";

/** CloudFront serves outputs only with a signature. */
export const signedOutputs: Rule = {
  id: "REELWAY_SIGNED_OUTPUTS",
  description: "CloudFront serves outputs only with a signed URL or signed cookies.",
  rationale: "Otherwise everybody who knows or guesses a path can watch the video.",
  appliesTo: [distributionType],
  check: (distribution) =>
    checkBehaviors(
      distribution,
      (behavior) =>
        getString(behavior, "target_origin_id") !== "output" ||
        getStrings(behavior, "trusted_key_groups").length > 0,
      "serves outputs without a signature",
      "Set trusted_key_groups to the key group of playback.",
    ),
};
