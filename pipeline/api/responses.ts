import * as z from "zod";
import {
  isMail,
  normalizeMail,
  projectPattern,
  responseTypes,
  stepPattern,
} from "../responses/response-request.ts";
import { uploadFormSchema } from "./uploads.ts";

/** Path parameters of a request for a response's upload. */
export const responsePathSchema = z.strictObject({
  project: z
    .string()
    .regex(projectPattern, "A project has 1 to 64 letters, digits and `_`.")
    .describe("Name of the project: letters, digits and `_`."),
  step: z
    .string()
    .regex(stepPattern, "A step has 1 to 64 letters, digits, `_` and `-`.")
    .describe("Name of the step: letters, digits, `_` and `-`."),
});

/** Query parameters of a request for a response's upload. */
export const responseQuerySchema = z.strictObject({
  mail: z
    .string({
      error: ({ input }) => (input === undefined ? "The parameter is missing." : "Pass one e-mail address."),
    })
    .refine(isMail, "This is not an e-mail address.")
    .transform(normalizeMail)
    .describe("E-mail address of the person who responds. Upper and lower case are equal."),
  type: z
    .enum(responseTypes, `The type is one of ${responseTypes.join(", ")}.`)
    .default("webm")
    .describe("Type of the video, by extension."),
  replace: z
    .enum(["true", "false"], "The value is true or false.")
    .default("false")
    .transform((text) => text === "true")
    .describe(
      "Whether to replace a response that exists. Not necessary if its job ended as Error or Canceled.",
    ),
});

/** A signed upload of a response. */
export const responseUploadSchema = uploadFormSchema
  .extend({
    key: z.string().describe("Key that the video will have. It contains a keyed hash of the e-mail address."),
    expiresAt: z.iso.datetime().describe("Time until which the form can be sent (ISO 8601)."),
    maxBytes: z.number().describe("Maximum size of the video in bytes."),
  })
  .meta({ id: "ResponseUpload", description: "A form that uploads the video of a response." });
