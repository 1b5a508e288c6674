import * as z from "zod";

/** Request headers of an operation that returns a document with an ETag. */
export const documentHeadersSchema = z.object({
  "if-none-match": z
    .string()
    .optional()
    .describe(
      "ETag of an earlier response. If the document is unchanged, the response is 304 without a body.",
    ),
});

const etagHeader = {
  ETag: { description: "Changes whenever the document does.", schema: { type: "string" as const } },
};

const unchangedResponse = {
  304: { description: "The document is unchanged since `If-None-Match`.", headers: etagHeader },
};

/** Describes the responses of an operation that returns a JSON document with an ETag. */
export const describeDocument = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: { description, headers: etagHeader, content: { "application/json": { schema } } },
  ...unchangedResponse,
});

/** Describes the responses of an operation that returns an HTML page with an ETag. */
export const describePage = (description: string) => ({
  200: { description, headers: etagHeader, content: { "text/html": { schema: z.string() } } },
  ...unchangedResponse,
});
