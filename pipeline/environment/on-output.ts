import * as z from "../schema/z.ts";

const name = z.string().check(z.minLength(1));

/** The environment of on-output. */
export const onOutputEnvironment = z.object({
  OUTPUT_BUCKET: name,
  /** Name of the `jobs` table. */
  JOBS_TABLE: name,
  AWS_REGION: name,
});
