import * as fc from "fast-check";
import type { OpenApiDocument } from "./api-client.ts";

/** A JSON schema of the OpenAPI document. */
type Schema = Readonly<Record<string, unknown>>;

/** Values that the server knows, by the name of their parameter or body field. */
export type Examples = Readonly<Record<string, unknown>>;

/** A request to one operation of the OpenAPI document. */
export interface OperationRequest {
  readonly path: string;
  readonly body?: string;
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;
const getSchemas = (value: unknown): readonly Schema[] =>
  Array.isArray(value) ? value.filter(isSchema) : [];
const getNumber = (schema: Schema, name: string, otherwise: number): number =>
  typeof schema[name] === "number" ? schema[name] : otherwise;

/** Generates values that a schema accepts, of which most are taken from the examples. */
const createArbitrary = (document: OpenApiDocument, examples: Examples, isValid: boolean) => {
  const getProperties = (schema: Schema): readonly (readonly [string, Schema])[] =>
    isSchema(schema.properties)
      ? Object.entries(schema.properties).flatMap(([name, one]) =>
          isSchema(one) ? [[name, one] as const] : [],
        )
      : [];
  const generate = (schema: Schema): fc.Arbitrary<unknown> => {
    if (typeof schema.$ref === "string")
      return generate(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
    if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
    if ("const" in schema) return fc.constant(schema.const);
    const alternatives = [...getSchemas(schema.anyOf), ...getSchemas(schema.oneOf)];
    if (alternatives.length > 0) return fc.oneof(...alternatives.map(generate));
    const [type] = [schema.type].flat();
    switch (type) {
      case "object":
        return generateObject(schema);
      case "array":
        return fc.array(generate(isSchema(schema.items) ? schema.items : {}), {
          minLength: getNumber(schema, "minItems", 0),
          maxLength: 3,
        });
      case "integer":
        return fc.integer({
          min: getNumber(schema, "minimum", -1000),
          max: getNumber(schema, "maximum", 1000),
        });
      case "number":
        return fc.double({ noNaN: true });
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      case "string":
        return typeof schema.pattern === "string"
          ? fc.stringMatching(new RegExp(schema.pattern))
          : fc.string({
              minLength: getNumber(schema, "minLength", 0),
              maxLength: Math.min(30, getNumber(schema, "maxLength", 30)),
            });
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  };
  const generateField = (name: string, schema: Schema): fc.Arbitrary<unknown> => {
    if (!(name in examples)) return generate(schema);
    const example = fc.constant(examples[name]);
    return isValid
      ? example
      : fc.oneof({ weight: 4, arbitrary: example }, { weight: 1, arbitrary: generate(schema) });
  };
  /** Generates fields: in a valid request those that are required or have an example, else any with the required ones. */
  const generateFields = <Value>(
    fields: readonly { readonly name: string; readonly isRequired: boolean; readonly schema: Schema }[],
    toArbitrary: (name: string, schema: Schema) => fc.Arbitrary<Value>,
  ): fc.Arbitrary<Readonly<Record<string, Value>>> => {
    const used = fields.filter(({ name, isRequired }) => !isValid || isRequired || name in examples);
    const requiredKeys = used.filter(({ isRequired }) => isValid || isRequired).map(({ name }) => name);
    return fc.record(Object.fromEntries(used.map(({ name, schema }) => [name, toArbitrary(name, schema)])), {
      requiredKeys,
    });
  };
  const generateObject = (schema: Schema): fc.Arbitrary<unknown> => {
    const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
    return generateFields(
      getProperties(schema).map(([name, one]) => ({
        name,
        isRequired: required.includes(name),
        schema: one,
      })),
      generateField,
    );
  };
  return { generate, generateField, generateFields };
};

const encode = (value: unknown): string => {
  try {
    return encodeURIComponent(String(value));
  } catch {
    // An unpaired surrogate, as a broken client sends it.
    return "%ED%A0%80";
  }
};

/**
 * Generates requests to an operation.
 *
 * @param isValid whether all requests follow the document and take what they can from the examples; else some break a
 * rule
 */
export const generateRequests = (
  document: OpenApiDocument,
  path: string,
  method: string,
  { examples, isValid }: { readonly examples: Examples; readonly isValid: boolean },
): fc.Arbitrary<OperationRequest> => {
  const operation = document.paths[path]?.[method];
  if (operation === undefined) throw new Error(`${method} ${path} is not in the document.`);
  const { generate, generateField, generateFields } = createArbitrary(document, examples, isValid);
  const garbage = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("", "..", "0", "-1"),
  );
  const generateParameter = (name: string, schema: Schema): fc.Arbitrary<string> => {
    const field = generateField(name, schema);
    return (
      isValid ? field : fc.oneof({ weight: 5, arbitrary: field }, { weight: 1, arbitrary: garbage })
    ).map(encode);
  };
  const generateParameters = (place: string) =>
    generateFields(
      operation.parameters
        .filter((one) => one.in === place)
        .map(({ name, required, schema }) => ({ name, isRequired: required, schema })),
      generateParameter,
    );
  const unknownParameter: fc.Arbitrary<readonly (readonly [string, string])[]> = isValid
    ? fc.constant([])
    : fc.array(fc.tuple(fc.constantFrom("unknown", "limit", "metadata[a]"), garbage.map(encode)), {
        maxLength: 1,
      });
  const { required: needsBody = false, content } = operation.requestBody ?? {};
  const bodySchema = content?.["application/json"]?.schema;
  const validBody =
    bodySchema === undefined
      ? fc.constant(undefined)
      : generate(bodySchema).map((value) => JSON.stringify(value));
  const body: fc.Arbitrary<string | undefined> =
    isValid || bodySchema === undefined
      ? validBody
      : fc.oneof(
          { weight: 6, arbitrary: validBody },
          { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
          { weight: 1, arbitrary: garbage },
          { weight: needsBody ? 0 : 2, arbitrary: fc.constant(undefined) },
        );
  return fc
    .tuple(generateParameters("path"), generateParameters("query"), unknownParameter, body)
    .map(([inPath, inQuery, unknown, sentBody]) => {
      const pathname = path.replaceAll(/\{(.+?)\}/g, (_, name: string) => inPath[name] ?? "");
      const query = [...Object.entries(inQuery), ...unknown].map(
        ([name, value]) => `${encode(name)}=${value}`,
      );
      return {
        path: query.length === 0 ? pathname : `${pathname}?${query.join("&")}`,
        ...(sentBody === undefined ? {} : { body: sentBody }),
      };
    });
};
