import { type BlockBody, getBlocks } from "./block-values.ts";

/** All cache behaviours of a CloudFront distribution. */
export const behaviours = (distribution: BlockBody): readonly BlockBody[] => [
  ...getBlocks(distribution, "default_cache_behavior"),
  ...getBlocks(distribution, "ordered_cache_behavior"),
];
