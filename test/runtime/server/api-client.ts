import { expect } from "chai";
import * as z from "zod";
import { type Answer, sendRequest } from "./raw-request.ts";

const documentSchema = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ title: z.string(), version: z.string() }),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        description: z.string().min(1),
        parameters: z
          .array(
            z.object({
              name: z.string(),
              in: z.string(),
              description: z.string().min(1),
              required: z.boolean().default(false),
              schema: z.record(z.string(), z.unknown()),
            }),
          )
          .default([]),
        requestBody: z
          .object({
            required: z.boolean().default(false),
            content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
          })
          .optional(),
        responses: z.record(
          z.string(),
          z.object({
            description: z.string().min(1),
            content: z
              .record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }))
              .default({}),
          }),
        ),
      }),
    ),
  ),
});
/** The OpenAPI document of a server. */
export type OpenApiDocument = z.infer<typeof documentSchema>;

/** Parses an OpenAPI document. */
export const parseOpenApi = (text: string): OpenApiDocument => documentSchema.parse(JSON.parse(text));

/** Reads the OpenAPI document of a server. */
export const readOpenApi = async (port: number): Promise<OpenApiDocument> =>
  parseOpenApi((await sendRequest(port, "/openapi.json")).body);

/** A schema of the document as a JSON schema of its own. */
const toStandaloneSchema = ({ components }: OpenApiDocument, schema: object): z.core.JSONSchema.JSONSchema =>
  JSON.parse(
    JSON.stringify({ ...schema, $defs: components.schemas }).replaceAll("#/components/schemas/", "#/$defs/"),
  );

/** Makes objects of a schema closed, so that a field that the document lacks is an error. */
const closeObjects = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== "object" || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, closeObjects(one)]));
  return "properties" in schema && !("additionalProperties" in schema)
    ? { ...closed, additionalProperties: false }
    : closed;
};

/** Checks that the document describes a response: its status, media type and every field of its body. */
export const checkDocumented = (
  document: OpenApiDocument,
  path: string,
  method: string,
  answer: Answer,
): void => {
  const title = `${method} ${path} ${answer.status} ${answer.body.slice(0, 200)}`;
  const response = document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)];
  expect(response, title).to.not.equal(undefined);
  const mediaType = answer.headers["content-type"]?.split(";")[0] ?? "";
  const content = response?.content[mediaType];
  if (answer.body === "") return;
  expect(content, `${title}: ${mediaType}`).to.not.equal(undefined);
  if (mediaType.startsWith("text/")) return;
  const schema = closeObjects(toStandaloneSchema(document, content?.schema ?? {}));
  const parsed = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).safeParse(JSON.parse(answer.body));
  expect(parsed.success ? undefined : z.prettifyError(parsed.error), title).to.equal(undefined);
};

/** Follows an event stream to its end. */
export const parseEvents = (body: string) =>
  body
    .split("\n\n")
    .filter((block) => block !== "" && !block.startsWith(":"))
    .map((block) => Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2))));
