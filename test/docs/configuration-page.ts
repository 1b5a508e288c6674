import * as z from "zod";
import { configurationSchema } from "../../pipeline/configuration/schema.ts";
import { renderTable } from "./markdown.ts";

type Schema = z.core.JSONSchema.JSONSchema;
type Field = readonly [name: string, schema: Schema, isRequired: boolean, description?: string];

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null;

/** zod's default bounds of an integer are not a limit of ours. */
const isBound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

const formatValue = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  if (isSchema(value)) {
    const entries = Object.entries(value).map(([name, one]) => `${name}: ${formatValue(one)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value);
};

const formatBound = (value: number): string => value.toLocaleString("en-US");

const formatNumber = (name: string, { minimum, maximum, exclusiveMinimum }: Schema): string => {
  const isInteger = name === "integer";
  const lowest = isInteger && exclusiveMinimum === 0 ? 1 : minimum;
  const bounds: string[] = [];
  if (!isInteger && typeof exclusiveMinimum === "number")
    bounds.push(`above ${formatBound(exclusiveMinimum)}`);
  if (isBound(lowest) && isBound(maximum)) bounds.push(`${formatBound(lowest)} to ${formatBound(maximum)}`);
  else if (isBound(lowest)) bounds.push(`${formatBound(lowest)} or more`);
  else if (isBound(maximum)) bounds.push(`at most ${formatBound(maximum)}`);
  return [name, ...bounds].join(", ");
};

const formatType = (schema: Schema): string => {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined)
    return [...new Set(alternatives.filter(isSchema).map(formatType))].join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(", ");
  switch (schema.type) {
    case "integer":
    case "number":
      return formatNumber(schema.type, schema);
    case "array": {
      const { items, minItems, maxItems } = schema;
      const type = isSchema(items) && !Array.isArray(items) ? formatType(items) : "object";
      const count =
        maxItems === undefined
          ? minItems && `${minItems} or more`
          : minItems === undefined
            ? `at most ${maxItems}`
            : `${minItems} to ${maxItems}`;
      return `list of ${type}${count ? `; ${count} items` : ""}`;
    }
    case "string":
      return schema.format === "uri" ? "URL" : "string";
    case "boolean":
      return "boolean";
    default:
      return "object";
  }
};

const formatDefault = (schema: Schema, isRequired: boolean): string => {
  if (typeof schema.defaultDescription === "string") return schema.defaultDescription;
  if (schema.default === undefined) return isRequired ? "required" : "–";
  return `\`${formatValue(schema.default)}\``;
};

const renderFields = (fields: readonly Field[]): string =>
  renderTable(
    ["Field", "Type", "Default", "Unit", "Meaning"],
    fields.map(([name, schema, isRequired, description]) => {
      if (schema.description === undefined)
        throw new Error(`The field ${name} has no description: pipeline/configuration/field-descriptions.ts`);
      return [
        `\`${name}\``,
        formatType(schema),
        formatDefault(schema, isRequired),
        typeof schema.unit === "string" ? schema.unit : "–",
        description === undefined ? schema.description : `${schema.description} ${description}`,
      ];
    }),
  );

const listFields = ({ properties = {}, required = [] }: Schema): readonly Field[] =>
  Object.entries(properties).flatMap(([name, schema]) =>
    isSchema(schema) ? [[name, schema, required.includes(name)] as const] : [],
  );

/** The schema at a path: a property's name, `*` for the values of a record and the items of a list. */
const getSchema = (schema: Schema, ...path: readonly string[]): Schema =>
  path.reduce((parent, name) => {
    const child = name === "*" ? (parent.additionalProperties ?? parent.items) : parent.properties?.[name];
    if (!isSchema(child) || Array.isArray(child))
      throw new Error(`The configuration has no ${path.join(".")}.`);
    return child;
  }, schema);

const getVariants = ({ oneOf = [], anyOf = [] }: Schema): readonly Schema[] =>
  [...oneOf, ...anyOf].filter(isSchema);

/** The fields of every variant of a route: what only one has names its engine. */
const listRouteFields = (variants: readonly Schema[]): readonly Field[] => {
  const engines = variants.map((variant) => getSchema(variant, "engine"));
  const names = [...new Set(variants.flatMap((variant) => Object.keys(variant.properties ?? {})))];
  return names.flatMap((name): Field[] => {
    const fields = variants.flatMap((variant, index) =>
      listFields(variant).flatMap(([other, schema, isRequired]) =>
        other === name ? [{ schema, isRequired, engine: engines[index]?.const }] : [],
      ),
    );
    const [first] = fields;
    if (first === undefined) return [];
    const { schema, isRequired, engine } = first;
    if (name === "engine")
      return [
        [name, { description: schema.description, enum: engines.map((one) => one.const) } as Schema, true],
      ];
    return fields.length === variants.length
      ? [[name, schema, isRequired]]
      : [[name, schema, isRequired, `Only with engine \`${engine}\`.`]];
  });
};

/** Lists the settings of a stage that are objects with fields of their own. */
const listObjectFields = (stage: Schema): readonly (readonly [name: string, schema: Schema])[] =>
  Object.entries(stage.properties ?? {}).flatMap(([name, schema]) =>
    isSchema(schema) && schema.properties !== undefined ? [[name, schema] as const] : [],
  );

/** The content of docs/configuration.md. */
export const renderConfigurationPage = (): string => {
  const root = z.toJSONSchema(configurationSchema, { io: "input", unrepresentable: "any" });
  const stage = getSchema(root, "stages", "*");
  const routes = getVariants(getSchema(root, "routes", "*"));
  const recipes = routes.flatMap((route) =>
    route.properties?.recipe === undefined ? [] : getVariants(getSchema(route, "recipe")),
  );
  const taskSizes = getSchema(root, "taskSizes");
  const channel = getSchema(root, "channels", "*");
  const [elementalDelta = {}] = getVariants(getSchema(channel, "clipper")).flatMap(({ properties }) =>
    isSchema(properties?.elementalDelta) ? [properties.elementalDelta] : [],
  );
  return `# Configuration

After reading this page, you can write \`reelway.config.ts\` for your routes, limits and stages.

This page is generated from the schema of the configuration (\`npm run docs\`). Do not edit it by hand.

The file exports one object, typed by \`defineConfig\`. A field with a default may be left out; an unknown field is an error. A command or a synth that reads an invalid file ends with a list of all mistakes, each with its stage or route and its field. \`REELWAY_CONFIG\` names another file.

\`\`\`ts
import { defineConfig } from "reelway";

export default defineConfig({
  project: "reelway",
  stages: {
    dev: { region: "us-east-1", inputBucket: "example-dev-input", outputBucket: "example-dev-output" },
  },
  routes: [
    {
      name: "thumbnails",
      prefix: "thumbnails/",
      extensions: ["mp4", "mov"],
      engine: "ffmpeg",
      recipe: { name: "thumbnail", at: { percent: 10 } },
      outputs: ["thumb/{path}{name}.{ext}.png"],
    },
  ],
});
\`\`\`

## Top level

${renderFields(listFields(root))}

## Stages

\`stages.NAME\`: one deployment. \`npm start\` and \`npm run demo\` need no stage.

${renderFields(listFields(stage))}

${listObjectFields(stage)
  .map(([name, schema]) => `### \`${name}\`\n\n${renderFields(listFields(schema))}`)
  .join("\n\n")}

## Routes

\`routes[]\`. [Routes](routes.md) explains how a route is chosen and what it makes.

${renderFields(listRouteFields(routes))}

## Recipes

\`routes[].recipe\`: the recipe's \`name\` and its options.

${recipes
  .map(
    (recipe) =>
      `### \`${getSchema(recipe, "name").const}\`\n\n${renderFields(listFields(recipe).filter(([name]) => name !== "name"))}`,
  )
  .join("\n\n")}

## Ignored uploads

\`ignored\`: both fields are required once \`ignored\` is given.

${renderFields(listFields(getSchema(root, "ignored")))}

## Limits

\`limits\`. A job that exceeds one of them ends with status Error and names the limit.

${renderFields(listFields(getSchema(root, "limits")))}

## Hooks

\`hooks\`. [Hooks](hooks.md) explains what the functions receive.

${renderFields(listFields(getSchema(root, "hooks")))}

## Responses

\`responses\`. [Responses](responses.md) explains how people send their videos.

${renderFields(listFields(getSchema(root, "responses")))}

## Webhooks

\`webhooks[]\`. [Webhooks](webhooks.md) explains what the endpoints receive, and how to verify it.

${renderFields(listFields(getSchema(root, "webhooks", "*")))}

## Channels

\`channels[]\`. [Highlights](highlights.md) explains how a channel is watched.

${renderFields(listFields(channel))}

### \`activeHours\`

${renderFields(listFields(getSchema(channel, "activeHours")))}

### \`elementalDelta\`

${renderFields(listFields(elementalDelta))}

## Task sizes

\`taskSizes\`. A change applies to new tasks. Allowed values are Fargate's combinations of CPU and memory: see [Fargate task definition differences](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html) in the Amazon ECS Developer Guide.

${renderFields(listFields(taskSizes))}

Each of them has these fields:

${renderFields(listFields(getSchema(taskSizes, "thumbnail")))}
`;
};
