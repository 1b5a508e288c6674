import * as z from "../schema/z.ts";

const nonEmptyString = z.string().check(z.minLength(1));

/** Environment variables of the function on-output. */
export const onOutputEnvironment = z.object({
  OUTPUT_BUCKET: nonEmptyString,
  /** Name of the `jobs` table. */
  JOBS_TABLE: nonEmptyString,
  AWS_REGION: nonEmptyString,
});
