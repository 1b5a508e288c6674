import * as z from "zod";
import { multipartLimits } from "../ports/upload-signer.ts";

/** A media type, which becomes the header Content-Type. */
export const mediaTypeSchema = z
  .string()
  .max(255)
  .regex(/^[\x21-\x7e][\x20-\x7e]*$/, "It must be printable ASCII.");

/** Name of the file of an upload. */
export const fileNameSchema = z
  .string()
  .describe("Name of the file. The key is metadata `prefix` followed by this name.");

/** Meaning of the metadata of an upload, for descriptions. */
export const metadataDescription =
  "User metadata, 2 KB in total. `prefix` is the beginning of the key. `name`, `type` and `relativePath`, which Uppy adds, are ignored.";

/** A request to create a multipart upload. */
export const createUploadSchema = z
  .object({
    filename: fileNameSchema,
    type: mediaTypeSchema.describe("Media type of the file."),
    metadata: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe(metadataDescription),
  })
  .meta({ id: "CreateUploadRequest", description: "A file to upload in parts." });

/** A created multipart upload. */
export const createdUploadSchema = z
  .object({
    uploadId: z.string().describe("Id of the upload."),
    key: z.string().describe("Key that the object will have; pass it to the other operations."),
  })
  .meta({ id: "CreatedUpload", description: "A multipart upload." });

/** Fields of a form that uploads a file. */
export const uploadFormSchema = z.object({
  url: z.string().describe("URL of the POST (`multipart/form-data`). It expires."),
  fields: z
    .record(z.string(), z.string())
    .describe("Form fields to send unchanged, before the file. The file is the last field, named `file`."),
});

/** A signed upload of a whole file. */
export const signedUploadSchema = uploadFormSchema
  .extend({
    method: z.literal("POST").describe("Method of the request."),
    headers: z.record(z.string(), z.string()).describe("Headers that the request must have; empty."),
  })
  .meta({ id: "SignedUpload", description: "A request that uploads a whole file." });

/** A signed URL of a part. */
export const signedPartSchema = z
  .object({
    url: z.string().describe("URL for a PUT of the part's bytes. It expires; request it again then."),
  })
  .meta({ id: "SignedPart", description: "Where to send a part." });

const partNumber = z.number().int().min(1).max(multipartLimits.maxParts);

/** A stored part. */
export const uploadedPartSchema = z
  .object({
    PartNumber: partNumber.describe("Number of the part."),
    Size: z.number().describe("Size in bytes."),
    ETag: z.string().describe("MD5 of the part, hexadecimal, in double quotes."),
  })
  .meta({ id: "UploadedPart", description: "A stored part of an upload." });

/** A request to complete a multipart upload. */
export const completeUploadSchema = z
  .strictObject({
    parts: z
      .array(
        z.looseObject({
          PartNumber: partNumber.describe("Number of the part."),
          ETag: z.string().describe("ETag that the PUT of the part returned, with or without quotes."),
        }),
      )
      .min(1)
      .max(multipartLimits.maxParts)
      .describe("All parts, ordered by number. Each but the last has at least 5 MiB."),
  })
  .meta({ id: "CompleteUploadRequest", description: "The parts of an upload." });

/** A completed upload. */
export const completedUploadSchema = z
  .object({
    location: z.string().describe("URL of the object."),
    bucket: z.string().describe("Bucket of the object."),
    key: z.string().describe("Key of the object."),
    jobId: z
      .string()
      .nullable()
      .describe("Id of the job that the upload becomes; null for an asset, and on AWS."),
  })
  .meta({ id: "CompletedUpload", description: "The object of an upload." });
