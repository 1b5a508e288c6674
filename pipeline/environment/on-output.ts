import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** The environment of on-output. */
export const onOutputEnvironment = z.object({
  OUTPUT_BUCKET: nonEmptyString,
  /** Name of the `jobs` table. */
  JOBS_TABLE: nonEmptyString,
  AWS_REGION: nonEmptyString,
});
