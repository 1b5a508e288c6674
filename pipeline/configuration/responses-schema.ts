import * as z from "../schema/z.ts";

/** Who may request the upload of a response, and its limits. */
export const responsesSchema = z.prefault(
  z.strictObject({
    access: z._default(z.enum(["authenticated", "open"]), "authenticated"),
    maxBytes: z._default(
      // S3's limit of an upload in one request.
      z.int().check(z.positive(), z.maximum(5 * 2 ** 30)),
      5 * 2 ** 30,
    ),
    maxRequestsPerMinute: z._default(z.int().check(z.positive()), 20),
  }),
  {},
);

/** Settings of responses, with all defaults applied. */
export type ResponseSettings = z.output<typeof responsesSchema>;
