/** A value that Terraform calls sensitive: it can be compared, and never read. */
export class Sensitive {
  readonly #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }
  equals(other: Sensitive): boolean {
    return JSON.stringify(this.#value) === JSON.stringify(other.#value);
  }
  toJSON(): string {
    return "(sensitive)";
  }
}

/** A value that is known after apply. */
export class Unknown {
  toJSON(): string {
    return "(known after apply)";
  }
}
const unknown = new Unknown();

/** A value of an object in a plan, with its marks put into it. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Sensitive
  | Unknown
  | readonly Value[]
  | { readonly [key: string]: Value };
/** An object's attributes, or a block of them. */
export type Fields = { readonly [key: string]: Value };

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Sensitive) &&
  !(value instanceof Unknown);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const anyMark = (marks: unknown): boolean =>
  marks === true ||
  (Array.isArray(marks) && marks.some(anyMark)) ||
  (isRecord(marks) && Object.values(marks).some(anyMark));
const member = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
const element = (value: unknown, index: number): unknown => (Array.isArray(value) ? value[index] : undefined);

/**
 * Puts Terraform's marks into a value.
 *
 * @param sensitive `before_sensitive` or `after_sensitive`: `true` where a value must not be shown
 * @param unknowns `after_unknown`: `true` where a value is known after apply
 */
export const markValue = (value: unknown, sensitive: unknown, unknowns: unknown = undefined): Value => {
  if (sensitive === true && (unknowns === true || (value !== null && value !== undefined)))
    return new Sensitive(value);
  if (unknowns === true) return unknown;
  if (Array.isArray(value) || Array.isArray(unknowns)) {
    const length = Math.max(
      Array.isArray(value) ? value.length : 0,
      Array.isArray(unknowns) ? unknowns.length : 0,
    );
    return Array.from({ length }, (_, at) =>
      markValue(element(value, at), element(sensitive, at), element(unknowns, at)),
    );
  }
  if (isRecord(value) || (isRecord(unknowns) && anyMark(unknowns))) {
    const keys = new Set([
      ...Object.keys(isRecord(value) ? value : {}),
      ...Object.entries(isRecord(unknowns) ? unknowns : {}).flatMap(([key, marks]) =>
        anyMark(marks) ? [key] : [],
      ),
    ]);
    return Object.fromEntries(
      [...keys].map((key) => [
        key,
        markValue(member(value, key), member(sensitive, key), member(unknowns, key)),
      ]),
    );
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
};

/** Providers do not keep apart what is absent and what is empty. */
export const isEmpty = (value: Value | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (isList(value) && value.length === 0) ||
  (isFields(value) && Object.values(value).every(isEmpty));

/** Whether two values say the same. What is known after apply equals nothing. */
export const sameValue = (one: Value | undefined, other: Value | undefined): boolean => {
  if (one instanceof Sensitive || other instanceof Sensitive)
    return one instanceof Sensitive && other instanceof Sensitive && one.equals(other);
  if (one instanceof Unknown || other instanceof Unknown) return false;
  if (isEmpty(one) && isEmpty(other)) return true;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((value, at) => sameValue(value, other[at]));
  if (isFields(one) && isFields(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
      sameValue(fieldOf(one, key), fieldOf(other, key)),
    );
  return one === other;
};

/** An attribute by its own name: never one that every object inherits. */
export const fieldOf = (fields: Value | undefined, key: string): Value | undefined =>
  isFields(fields) && Object.hasOwn(fields, key) ? fields[key] : undefined;

/** An attribute's text, if it is one and may be shown. */
export const textOf = (fields: Value | undefined, key: string): string | undefined => {
  const value = fieldOf(fields, key);
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** The texts of an attribute that is a text or a list of them; what is hidden or unknown is left out. */
export const textsOf = (fields: Value | undefined, key: string): readonly string[] => {
  const value = fieldOf(fields, key);
  const list = isList(value) ? value : [value];
  return list.flatMap((item) => (typeof item === "string" && item !== "" ? [item] : []));
};

/** Blocks of an attribute: a list of them, or one. */
export const blocksOf = (fields: Value | undefined, key: string): readonly Fields[] => {
  const value = fieldOf(fields, key);
  return (isList(value) ? value : [value]).filter(isFields);
};
