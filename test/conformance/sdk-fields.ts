import * as sdk from "@aws-sdk/client-elastic-transcoder";

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A schema of the SDK is an array: kind (1 list, 2 map, 3 structure), namespace, name, traits, and what it holds. */
const resolve = (schema: unknown): unknown => {
  if (typeof schema === "function") return resolve(schema());
  // A member with traits is [schema, traits].
  if (isList(schema) && typeof schema[0] !== "number") return resolve(schema[0]);
  return schema;
};

const listSchemaFields = (schema: unknown, path: string): readonly string[] => {
  const resolved = resolve(schema);
  // A list of plain values is a number with this bit.
  if (typeof resolved === "number" && (resolved & 64) !== 0) return [`${path}[]`];
  if (!isList(resolved)) return [path];
  const [kind, , , , held, members] = resolved;
  if (kind === 1) return listSchemaFields(held, `${path}[]`);
  if (kind !== 3 || !isList(held) || !isList(members)) return [path];
  return held.flatMap((name, index) =>
    listSchemaFields(members[index], path === "" ? String(name) : `${path}.${String(name)}`),
  );
};

/** Paths of all fields of an operation's request in the SDK, e.g. `Outputs[].Watermarks[].InputKey`. */
export const requestFields = (operation: string): readonly string[] => {
  const schema = new Map<string, unknown>(Object.entries(sdk)).get(`${operation}Request$`);
  if (schema === undefined) throw new Error(`The SDK has no request ${operation}.`);
  return listSchemaFields(schema, "");
};

/** The values of a request by the paths of their fields. */
export const collectFields = (value: unknown, path = ""): ReadonlyMap<string, unknown> => {
  if (isList(value)) return new Map(value.flatMap((entry) => [...collectFields(entry, `${path}[]`)]));
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, held]) => [
      ...collectFields(held, path === "" ? name : `${path}.${name}`),
    ]),
  );
};

/** A request with one more field, somewhere in what it holds: lists get it in their first entry. */
export const withField = (request: object, path: string, value: unknown): object => {
  const [head = "", ...rest] = path.split(".");
  const list = head.endsWith("[]");
  const name = list ? head.slice(0, -2) : head;
  const held: unknown = new Map(Object.entries(request)).get(name);
  const inner = list ? (isList(held) ? held[0] : undefined) : held;
  const next =
    rest.length === 0
      ? value
      : withField(typeof inner === "object" && inner !== null ? inner : {}, rest.join("."), value);
  return { ...request, [name]: list ? [next] : next };
};
