import type { buildOpenApiDocument } from "../../lambdas/api/app.ts";
import { problemTypes } from "../../pipeline/api/problem.ts";
import { createOpenApiDocument } from "../lambdas/api/openapi-document.ts";
import { renderTable } from "./markdown.ts";

type Document = ReturnType<typeof buildOpenApiDocument>;
type PathItem = NonNullable<Document["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;
type Schema = NonNullable<NonNullable<Document["components"]>["schemas"]>[string];

const getRefName = (schema: object): string | undefined =>
  "$ref" in schema ? String(schema.$ref).split("/").at(-1) : undefined;
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const describeType = (schema: Schema | undefined): string => {
  if (schema === undefined) return "";
  const name = getRefName(schema);
  if (name !== undefined) return link(name);
  if ("$ref" in schema) return "";
  const alternatives = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (alternatives !== undefined)
    return alternatives
      .map((one) => describeType(one))
      .filter((text) => text !== "")
      .join(" or ");
  if (schema.enum !== undefined)
    return schema.enum.map((value) => (value === null ? "null" : `\`${value}\``)).join(", ");
  if (schema.type === "array") return `list of ${describeType(schema.items as Schema)}`;
  return [schema.type ?? ""].flat().join(" or ");
};

const describeField = (schema: Schema): string => {
  if ("$ref" in schema) return "";
  const range = [
    ...(schema.minimum === undefined ? [] : [`At least ${schema.minimum}.`]),
    ...(schema.maximum === undefined ? [] : [`At most ${schema.maximum}.`]),
    ...(schema.default === undefined ? [] : [`Default: \`${schema.default}\`.`]),
  ];
  return [schema.description ?? "", ...range].join(" ");
};

const listFields = (schema: Schema, prefix = ""): readonly (readonly string[])[] => {
  if ("$ref" in schema) return [];
  const parts = [schema, ...(schema.allOf ?? [])];
  return parts.flatMap((part) =>
    "$ref" in part
      ? []
      : Object.entries(part.properties ?? {}).flatMap(([name, field]) => [
          [`\`${prefix}${name}\``, describeType(field), describeField(field)],
          ...listFields(field, `${prefix}${name}.`),
          ...("$ref" in field || field.items === undefined
            ? []
            : listFields(field.items as Schema, `${prefix}${name}[].`)),
        ]),
  );
};

const renderOperation = (path: string, method: string, operation: Operation): readonly string[] => {
  const parameters = (operation.parameters ?? []).flatMap((one) =>
    "$ref" in one
      ? []
      : [
          [
            `\`${one.name}\``,
            one.in,
            describeType(one.schema),
            `${one.schema === undefined ? (one.description ?? "") : describeField(one.schema)}${one.required ? " Required." : ""}`,
          ],
        ],
  );
  const body = operation.requestBody;
  const bodySchema =
    body === undefined || "$ref" in body ? undefined : body.content["application/json"]?.schema;
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    `${operation.description ?? ""}${operation.security?.length === 0 ? " Needs no authentication." : ""}`,
    ...(parameters.length === 0 ? [] : [renderTable(["Parameter", "In", "Type", "Meaning"], parameters)]),
    ...(bodySchema === undefined ? [] : [`Body: ${describeType(bodySchema)}.`]),
    renderTable(
      ["Status", "Body", "Meaning"],
      Object.entries(operation.responses ?? {}).map(([status, response]) => {
        const [mediaType, content] = Object.entries(response.content ?? {})[0] ?? ["", undefined];
        const schema =
          content === undefined ? "" : describeType((content as { readonly schema?: Schema }).schema);
        return [status, schema === "string" ? `\`${mediaType}\`` : schema, response.description];
      }),
    ),
  ];
};

const renderFields = (name: string, schema: Schema, schemas: Readonly<Record<string, Schema>>): string => {
  const rows = listFields(schema);
  const isContained = (other: Schema) =>
    listFields(other).every((row) => rows.some((ownRow) => ownRow.join() === row.join()));
  const [baseName, base] =
    Object.entries(schemas).find(([otherName, other]) => otherName !== name && isContained(other)) ?? [];
  if (baseName === undefined || base === undefined) return renderTable(["Field", "Type", "Meaning"], rows);
  const baseFields = new Set(listFields(base).map(([field]) => field));
  const ownRows = rows.filter(([field]) => !baseFields.has(field));
  return `The fields of ${link(baseName)}, and:\n\n${renderTable(["Field", "Type", "Meaning"], ownRows)}`;
};

/** The content of docs/api.md. */
export const renderApiPage = (): string => {
  const { paths = {}, components } = createOpenApiDocument();
  return `${[
    "# HTTP API",
    "After reading this page, you can upload files, and list, read, cancel, retry and follow jobs, from your own programs.",
    "This page is generated from the OpenAPI document of the API (`npm run docs`). Do not edit it by hand.",
    "On one machine the API answers at the address that `npm start` prints as `API`, e.g. `http://127.0.0.1:4600`. `GET /openapi.json` returns its OpenAPI 3.1 document, from which clients can be generated.",
    "A runtime that is started with `--auth` needs a bearer token or a session cookie: see [Users and tokens](one-machine.md#users-and-tokens). Without `--auth`, `/session` does not exist.",
    "```sh\ncurl 'http://127.0.0.1:4600/jobs?status=Error&limit=10'\ncurl -N http://127.0.0.1:4600/jobs/ID/events\n```",
    "## Operations",
    ...Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        renderOperation(path, method, operation as Operation),
      ),
    ),
    "## Errors",
    "Every error is a problem (RFC 9457) with the media type `application/problem+json`. Decide by `type`, which is stable; `detail` is for people.",
    renderTable(
      ["Type", "Status", "Meaning"],
      Object.entries(problemTypes).map(([type, { status, title }]) => [
        `\`/problems/${type}\``,
        String(status),
        `${title}.`,
      ]),
    ),
    "## Objects",
    ...Object.entries(components?.schemas ?? {}).flatMap(([name, schema]) => [
      `### ${name}`,
      "$ref" in schema ? "" : (schema.description ?? ""),
      renderFields(name, schema, components?.schemas ?? {}),
    ]),
  ].join("\n\n")}\n`;
};
