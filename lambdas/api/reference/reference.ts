import type { OpenAPIHono } from "@hono/zod-openapi";
import { problemTypes } from "../../../pipeline/api/problem.ts";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type PathItem = NonNullable<OpenApiDocument["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;
type Schema = NonNullable<NonNullable<OpenApiDocument["components"]>["schemas"]>[string];
type Schemas = Readonly<Record<string, Schema>>;

/** A part of a text: plain, code, or the name of a schema. */
export interface TextPart {
  readonly kind: "text" | "code" | "schema";
  readonly text: string;
}
/** A text with code and links to schemas. */
export type RichText = readonly TextPart[];

/** A field of a schema. */
export interface ReferenceField {
  readonly name: string;
  readonly type: RichText;
  readonly description: RichText;
  readonly isRequired: boolean;
}

/** A parameter of an operation. */
export interface ReferenceParameter extends ReferenceField {
  /** `path`, `query` or `header`. */
  readonly location: string;
}

/** A response of an operation. */
export interface ReferenceResponse {
  readonly status: string;
  /** Type of the body; empty: none. */
  readonly body: RichText;
  readonly description: RichText;
}

/** An operation of the API. */
export interface ReferenceOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: RichText;
  /** Whether it needs no authentication although others do. */
  readonly isPublic: boolean;
  readonly parameters: readonly ReferenceParameter[];
  /** Type of the request body; empty: none. */
  readonly body: RichText;
  readonly responses: readonly ReferenceResponse[];
}

/** A schema of the API. */
export interface ReferenceSchema {
  readonly name: string;
  readonly description: RichText;
  /** Another schema whose fields it has too. @default none */
  readonly baseName?: string;
  /** Its fields, without those of the base. */
  readonly fields: readonly ReferenceField[];
}

/** The reference of an API, for a page in any format. */
export interface Reference {
  readonly title: string;
  readonly version: string;
  readonly description: RichText;
  /** How a request is authenticated; empty: no request is. */
  readonly authentication: readonly { readonly name: string; readonly description: RichText }[];
  /** The operations by their tag. */
  readonly groups: readonly { readonly name: string; readonly operations: readonly ReferenceOperation[] }[];
  readonly problems: readonly {
    readonly type: string;
    readonly status: number;
    readonly title: string;
  }[];
  readonly schemas: readonly ReferenceSchema[];
}

/** Parses a description, in which code is in backticks. */
const parseText = (text = ""): RichText =>
  text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) =>
      /^`[^`]+`$/.test(part) ? { kind: "code", text: part.slice(1, -1) } : { kind: "text", text: part },
    );

const join = (texts: readonly RichText[], separator: string): RichText =>
  texts
    .filter((text) => text.length > 0)
    .flatMap((text, index) => [...(index === 0 ? [] : parseText(separator)), ...text]);

const describeType = (schema: Schema | undefined): RichText => {
  if (schema === undefined) return [];
  if ("$ref" in schema) return [{ kind: "schema", text: String(schema.$ref).split("/").at(-1) ?? "" }];
  const alternatives = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (alternatives !== undefined) return join(alternatives.map(describeType), " or ");
  if (schema.enum !== undefined)
    return join(
      schema.enum.map((value) => [{ kind: value === null ? "text" : "code", text: String(value) }]),
      ", ",
    );
  if (schema.type === "array") return [...parseText("list of "), ...describeType(schema.items as Schema)];
  return parseText([schema.type ?? ""].flat().join(" or "));
};

const describeField = (schema: Schema): RichText => {
  if ("$ref" in schema) return [];
  return parseText(
    [
      schema.description ?? "",
      ...(schema.minimum === undefined ? [] : [`At least ${schema.minimum}.`]),
      ...(schema.maximum === undefined ? [] : [`At most ${schema.maximum}.`]),
      ...(schema.default === undefined ? [] : [`Default: \`${schema.default}\`.`]),
    ].join(" "),
  );
};

const listFields = (schema: Schema, prefix = ""): readonly ReferenceField[] => {
  if ("$ref" in schema) return [];
  return [schema, ...(schema.allOf ?? [])].flatMap((part) =>
    "$ref" in part
      ? []
      : Object.entries(part.properties ?? {}).flatMap(([name, field]) => [
          {
            name: `${prefix}${name}`,
            type: describeType(field),
            description: describeField(field),
            isRequired: part.required?.includes(name) ?? false,
          },
          ...listFields(field, `${prefix}${name}.`),
          ...("$ref" in field || field.items === undefined
            ? []
            : listFields(field.items as Schema, `${prefix}${name}[].`)),
        ]),
  );
};

const listParameters = ({ parameters = [] }: Operation): readonly ReferenceParameter[] =>
  parameters.flatMap((one) =>
    "$ref" in one
      ? []
      : [
          {
            name: one.name,
            location: one.in,
            type: describeType(one.schema),
            description: one.schema === undefined ? parseText(one.description) : describeField(one.schema),
            isRequired: one.required ?? false,
          },
        ],
  );

const listResponses = ({ responses = {} }: Operation): readonly ReferenceResponse[] =>
  Object.entries(responses).map(([status, { content = {}, description }]) => {
    const [mediaType = "", media] = Object.entries(content)[0] ?? [];
    const type = describeType((media as { readonly schema?: Schema } | undefined)?.schema);
    const isText = type.length === 1 && type[0]?.text === "string";
    return {
      status,
      body: isText ? [{ kind: "code", text: mediaType }] : type,
      description: parseText(description),
    };
  });

const buildOperation = (
  path: string,
  method: string,
  operation: Operation,
  needsAuthentication: boolean,
): ReferenceOperation => {
  const { requestBody } = operation;
  return {
    id: operation.operationId ?? "",
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? "",
    description: parseText(operation.description),
    isPublic: needsAuthentication && operation.security?.length === 0,
    parameters: listParameters(operation),
    body:
      requestBody === undefined || "$ref" in requestBody
        ? []
        : describeType(requestBody.content["application/json"]?.schema),
    responses: listResponses(operation),
  };
};

const groupOperations = (
  { paths = {} }: OpenApiDocument,
  needsAuthentication: boolean,
): Reference["groups"] => {
  const groups = new Map<string, ReferenceOperation[]>();
  for (const [path, item] of Object.entries(paths))
    for (const [method, operation] of Object.entries(item as Readonly<Record<string, Operation>>)) {
      const name = operation.tags?.[0] ?? "Other";
      const operations = groups.get(name) ?? [];
      operations.push(buildOperation(path, method, operation, needsAuthentication));
      groups.set(name, operations);
    }
  return [...groups].map(([name, operations]) => ({ name, operations }));
};

const buildSchema = (name: string, schema: Schema, schemas: Schemas): ReferenceSchema => {
  const fields = listFields(schema);
  const texts = new Set(fields.map((field) => JSON.stringify(field)));
  const base = Object.entries(schemas)
    .filter(([otherName]) => otherName !== name)
    .map(([otherName, other]) => ({ otherName, otherFields: listFields(other) }))
    .find(
      ({ otherFields }) =>
        otherFields.length > 0 && otherFields.every((field) => texts.has(JSON.stringify(field))),
    );
  const baseNames = new Set(base?.otherFields.map((field) => field.name));
  return {
    name,
    description: "$ref" in schema ? [] : parseText(schema.description),
    ...(base === undefined ? {} : { baseName: base.otherName }),
    fields: fields.filter((field) => !baseNames.has(field.name)),
  };
};

/** Builds the reference of an API from its OpenAPI document. */
export const buildReference = (document: OpenApiDocument): Reference => {
  const { info, components, security = [] } = document;
  const needsAuthentication = security.length > 0;
  const schemas: Schemas = components?.schemas ?? {};
  return {
    title: info.title,
    version: info.version,
    description: parseText(info.description),
    authentication: needsAuthentication
      ? Object.entries(components?.securitySchemes ?? {}).map(([name, scheme]) => ({
          name,
          description: "$ref" in scheme ? [] : parseText(scheme.description),
        }))
      : [],
    groups: groupOperations(document, needsAuthentication),
    problems: Object.entries(problemTypes).map(([name, problem]) => ({
      type: `/problems/${name}`,
      ...problem,
    })),
    schemas: Object.entries(schemas).map(([name, schema]) => buildSchema(name, schema, schemas)),
  };
};
