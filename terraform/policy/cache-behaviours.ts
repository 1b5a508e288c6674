import { type Body, bodies } from "./block-values.ts";

/** All cache behaviours of a CloudFront distribution. */
export const behaviours = (distribution: Body): readonly Body[] => [
  ...bodies(distribution, "default_cache_behavior"),
  ...bodies(distribution, "ordered_cache_behavior"),
];
