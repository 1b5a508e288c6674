import { type BlockBody, getBlocks, getString } from "./block-values.ts";
import type { Block } from "./resource-graph.ts";
import type { Problem } from "./rule.ts";

/** Type of a CloudFront distribution. */
export const distributionType = "aws_cloudfront_distribution";

/** Returns the cache behaviors of a distribution, the default one first. */
const getBehaviors = ({ body }: Block): readonly BlockBody[] =>
  ["default_cache_behavior", "ordered_cache_behavior"].flatMap((field) => getBlocks(body, field));

/** Checks each cache behavior of a distribution. The message begins with its path pattern. */
export const checkBehaviors = (
  distribution: Block,
  isValid: (behavior: BlockBody) => boolean,
  message: string,
  fix: string,
): readonly Problem[] =>
  getBehaviors(distribution)
    .filter((behavior) => !isValid(behavior))
    .map((behavior) => {
      const path = getString(behavior, "path_pattern") ?? "*";
      return { message: `${message} for ${path}`, fix, part: path };
    });
