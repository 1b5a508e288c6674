import { expect } from "chai";
import * as z from "zod";
import { configurationSchema } from "../../pipeline/configuration/schema.ts";
import { renderConfigurationPage } from "./configuration-page.ts";

type Schema = z.core.JSONSchema.JSONSchema;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;

/** Lists the names of the fields of every object in a schema, with the object's path. */
const listObjects = (
  schema: Schema,
  path: string,
): readonly (readonly [path: string, names: readonly string[]])[] => {
  const { properties = {}, items, additionalProperties, oneOf = [], anyOf = [] } = schema;
  const fields = Object.entries(properties).flatMap(([name, field]) =>
    isSchema(field) ? [[name, field] as const] : [],
  );
  // A field with one value distinguishes the variants of a union, each of which has a heading.
  const names = fields.filter(([, { const: value }]) => value === undefined).map(([name]) => name);
  return [
    ...(names.length === 0 ? [] : [[path, names] as const]),
    ...fields.flatMap(([name, field]) => listObjects(field, path === "" ? name : `${path}.${name}`)),
    ...[items, additionalProperties, ...oneOf, ...anyOf]
      .flat()
      .filter(isSchema)
      .flatMap((one) => listObjects(one, path)),
  ];
};

describe("the page of the configuration", () => {
  const page = renderConfigurationPage();
  const tables = page
    .split("\n\n")
    .map((block) => new Set([...block.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)));
  const root = z.toJSONSchema(configurationSchema, { io: "input", unrepresentable: "any" });

  it("has every field of every object of the schema", () => {
    const objects = listObjects(root, "");

    expect(objects.map(([path]) => path)).to.include.members(["", "stages", "stages.site", "routes.recipe"]);
    // Positions are described where they are used, as `{ seconds }` or `{ percent }`.
    const missing = objects.filter(
      ([, names]) =>
        !tables.some((table) => names.every((name) => table.has(name))) &&
        !page.includes(`\`{ ${names.join(", ")} }\``),
    );
    expect(missing).to.deep.equal([]);
  });
});
