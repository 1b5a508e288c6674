/** A value without parts, or whose parts are hidden. */
export interface Leaf {
  /** Text to show: JSON, or a placeholder in parentheses. */
  readonly text: string;
  /** Identifies a hidden value, for comparison; never shown or stored. */
  readonly identity: string;
}

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNullish = (value: unknown): boolean => value === null || value === undefined;
const getKeys = (value: unknown): readonly string[] => (isObject(value) ? Object.keys(value) : []);
const getLength = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const getMember = (value: unknown, key: string | number): unknown => {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

const appendKey = (path: string, key: string | number): string => {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[A-Za-z_][\w-]*$/.test(key)
    ? `${path}${path === "" ? "" : "."}${key}`
    : `${path}[${JSON.stringify(key)}]`;
};

/** Renders a path in Terraform's syntax: `rule[0].tags["a b"]`. */
export const renderPath = (keys: readonly (string | number)[]): string => keys.reduce<string>(appendKey, "");

/** Serializes a value to JSON with sorted keys. */
const toCanonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, part]) => `${JSON.stringify(key)}:${toCanonicalJson(part)}`).join(",")}}`;
};

const listKeys = (...values: readonly unknown[]): readonly (string | number)[] =>
  values.some(Array.isArray)
    ? Array.from({ length: Math.max(...values.map(getLength)) }, (_, index) => index)
    : [...new Set(values.flatMap(getKeys))];

/** Merges two marks; a part marked by either is marked. */
export const mergeMarks = (one: unknown, other: unknown): unknown => {
  if (one === true || other === true) return true;
  const keys = listKeys(one, other);
  const parts = keys.map((key) => mergeMarks(getMember(one, key), getMember(other, key)));
  return [one, other].some(Array.isArray)
    ? parts
    : Object.fromEntries(keys.map((key, index) => [key, parts[index]]));
};

/**
 * Flattens a value to its leaves, by path. Null members are skipped, because providers use `null` for absent values. A
 * sensitive part is one leaf, whose text does not depend on its value.
 *
 * @param marks in the shape of the value: parts that are known after apply, and sensitive parts
 */
export const flattenValue = (
  value: unknown,
  marks: { readonly unknown?: unknown; readonly sensitive?: unknown },
): ReadonlyMap<string, Leaf> => {
  const leavesByPath = new Map<string, Leaf>();
  const walk = (
    current: unknown,
    unknown: unknown,
    sensitive: unknown,
    path: string,
    isInList: boolean,
  ): void => {
    const addLeaf = (text: string, identity = "") => leavesByPath.set(path, { text, identity });
    if (sensitive === true) {
      // A secret value with parts that are known after apply is reported without the path of the part.
      if (toCanonicalJson(unknown).includes("true"))
        addLeaf("(sensitive, known after apply)", toCanonicalJson(current));
      else if (!isNullish(current)) addLeaf("(sensitive)", toCanonicalJson(current));
      return;
    }
    if (unknown === true) {
      addLeaf("(known after apply)");
      return;
    }
    const sizeBefore = leavesByPath.size;
    for (const key of listKeys(current, unknown))
      walk(
        getMember(current, key),
        getMember(unknown, key),
        getMember(sensitive, key),
        appendKey(path, key),
        typeof key === "number",
      );
    if (leavesByPath.size > sizeBefore) return;
    if (!isNullish(current))
      addLeaf(Array.isArray(current) ? "[]" : isObject(current) ? "{}" : toCanonicalJson(current));
    else if (isInList) addLeaf("null");
  };
  walk(value, marks.unknown, marks.sensitive, "", false);
  return leavesByPath;
};
