/** A value that has no parts, or whose parts are not told apart. */
export interface Leaf {
  /** What may be shown: JSON, or a mark in parentheses. */
  readonly text: string;
  /** What tells two hidden values apart; never shown and never kept. */
  readonly identity: string;
}

type Members = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNothing = (value: unknown): boolean => value === null || value === undefined;
const keysOf = (value: unknown): readonly string[] => (isMap(value) ? Object.keys(value) : []);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const partOf = (value: unknown, key: string | number): unknown => {
  if (typeof key === "number") return Array.isArray(value) ? value[key] : undefined;
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

const step = (path: string, key: string | number): string => {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[A-Za-z_][\w-]*$/.test(key)
    ? `${path}${path === "" ? "" : "."}${key}`
    : `${path}[${JSON.stringify(key)}]`;
};

/** The way to a part of a value as Terraform writes it: `rule[0].tags["a b"]`. */
export const pathText = (keys: readonly (string | number)[]): string => keys.reduce<string>(step, "");

/** JSON that does not depend on the order of keys. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(",")}}`;
};

const partsOf = (...values: readonly unknown[]): readonly (string | number)[] =>
  values.some(Array.isArray)
    ? Array.from({ length: Math.max(...values.map(lengthOf)) }, (_, index) => index)
    : [...new Set(values.flatMap(keysOf))];

/** Joins two marks: what either hides is hidden. */
export const eitherMark = (one: unknown, other: unknown): unknown => {
  if (one === true || other === true) return true;
  const keys = partsOf(one, other);
  const parts = keys.map((key) => eitherMark(partOf(one, key), partOf(other, key)));
  return [one, other].some(Array.isArray)
    ? parts
    : Object.fromEntries(keys.map((key, index) => [key, parts[index]]));
};

/**
 * A value as its leaves, by their path. A member that is null is no leaf, since providers say `null` for what is not
 * there. A sensitive part is one leaf, whose text does not depend on what it hides.
 *
 * @param marks of the same shape as the value: what is known only after apply, and what is secret
 */
export const leaves = (
  value: unknown,
  marks: { readonly unknown?: unknown; readonly sensitive?: unknown },
): ReadonlyMap<string, Leaf> => {
  const found = new Map<string, Leaf>();
  const walk = (at: unknown, unknown: unknown, sensitive: unknown, path: string, inList: boolean): void => {
    const leaf = (text: string, identity = "") => found.set(path, { text, identity });
    if (sensitive === true) {
      // A part of what is secret that is known later is told without telling which part.
      if (canonical(unknown).includes("true")) leaf("(sensitive, known after apply)", canonical(at));
      else if (!isNothing(at)) leaf("(sensitive)", canonical(at));
      return;
    }
    if (unknown === true) {
      leaf("(known after apply)");
      return;
    }
    const known = found.size;
    for (const key of partsOf(at, unknown))
      walk(
        partOf(at, key),
        partOf(unknown, key),
        partOf(sensitive, key),
        step(path, key),
        typeof key === "number",
      );
    if (found.size > known) return;
    if (!isNothing(at)) leaf(Array.isArray(at) ? "[]" : isMap(at) ? "{}" : canonical(at));
    else if (inList) leaf("null");
  };
  walk(value, marks.unknown, marks.sensitive, "", false);
  return found;
};
