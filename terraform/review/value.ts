/** A sensitive value, which can be compared but not read. */
export class SensitiveValue {
  readonly #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }
  equals(other: SensitiveValue): boolean {
    return JSON.stringify(this.#value) === JSON.stringify(other.#value);
  }
  toJSON(): string {
    return "(sensitive)";
  }
}

/** A value that is known only after apply. */
export class UnknownValue {
  toJSON(): string {
    return "(known after apply)";
  }
}
const unknownValue = new UnknownValue();

/** A value of a plan, with sensitive and unknown parts marked. */
export type Value =
  | null
  | boolean
  | number
  | string
  | SensitiveValue
  | UnknownValue
  | readonly Value[]
  | { readonly [key: string]: Value };
/** The attributes of an object or a block. */
export type Fields = { readonly [key: string]: Value };

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof SensitiveValue) &&
  !(value instanceof UnknownValue);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const hasMark = (marks: unknown): boolean =>
  marks === true ||
  (Array.isArray(marks) && marks.some(hasMark)) ||
  (isRecord(marks) && Object.values(marks).some(hasMark));
const getMember = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
const getElement = (value: unknown, index: number): unknown =>
  Array.isArray(value) ? value[index] : undefined;

/**
 * Applies Terraform's marks to a value.
 *
 * @param sensitive `before_sensitive` or `after_sensitive`: `true` for a sensitive part
 * @param unknowns `after_unknown`: `true` for a part that is known after apply
 */
export const applyMarks = (value: unknown, sensitive: unknown, unknowns: unknown = undefined): Value => {
  if (sensitive === true && (unknowns === true || (value !== null && value !== undefined)))
    return new SensitiveValue(value);
  if (unknowns === true) return unknownValue;
  if (Array.isArray(value) || Array.isArray(unknowns)) {
    const length = Math.max(
      Array.isArray(value) ? value.length : 0,
      Array.isArray(unknowns) ? unknowns.length : 0,
    );
    return Array.from({ length }, (_, at) =>
      applyMarks(getElement(value, at), getElement(sensitive, at), getElement(unknowns, at)),
    );
  }
  if (isRecord(value) || (isRecord(unknowns) && hasMark(unknowns))) {
    const keys = new Set([
      ...Object.keys(isRecord(value) ? value : {}),
      ...Object.entries(isRecord(unknowns) ? unknowns : {}).flatMap(([key, marks]) =>
        hasMark(marks) ? [key] : [],
      ),
    ]);
    return Object.fromEntries(
      [...keys].map((key) => [
        key,
        applyMarks(getMember(value, key), getMember(sensitive, key), getMember(unknowns, key)),
      ]),
    );
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
};

/** Whether a value is absent or empty, which providers do not distinguish. */
export const isEmpty = (value: Value | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (isList(value) && value.length === 0) ||
  (isFields(value) && Object.values(value).every(isEmpty));

/** Whether two values are equal; an unknown value never is. */
export const isSameValue = (one: Value | undefined, other: Value | undefined): boolean => {
  if (one instanceof SensitiveValue || other instanceof SensitiveValue)
    return one instanceof SensitiveValue && other instanceof SensitiveValue && one.equals(other);
  if (one instanceof UnknownValue || other instanceof UnknownValue) return false;
  if (isEmpty(one) && isEmpty(other)) return true;
  if (isList(one) && isList(other))
    return one.length === other.length && one.every((value, at) => isSameValue(value, other[at]));
  if (isFields(one) && isFields(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
      isSameValue(getField(one, key), getField(other, key)),
    );
  return one === other;
};

/** Returns an own attribute, never an inherited property. */
export const getField = (fields: Value | undefined, key: string): Value | undefined =>
  isFields(fields) && Object.hasOwn(fields, key) ? fields[key] : undefined;

/** Returns a non-empty string attribute; undefined for other, sensitive and unknown values. */
export const getText = (fields: Value | undefined, key: string): string | undefined => {
  const value = getField(fields, key);
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** Returns the non-empty strings of a string or list attribute; sensitive and unknown values are left out. */
export const getTexts = (fields: Value | undefined, key: string): readonly string[] => {
  const value = getField(fields, key);
  const list = isList(value) ? value : [value];
  return list.flatMap((item) => (typeof item === "string" && item !== "" ? [item] : []));
};

/** Returns the blocks of an attribute, which is one block or a list. */
export const getBlocks = (fields: Value | undefined, key: string): readonly Fields[] => {
  const value = getField(fields, key);
  return (isList(value) ? value : [value]).filter(isFields);
};
