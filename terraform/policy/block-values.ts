/** The body of a Terraform block in JSON: attributes and nested blocks. */
export type BlockBody = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export const isBlockBody = (value: unknown): value is BlockBody =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const collect = (value: unknown, path: readonly string[], step: number, results: unknown[]): void => {
  if (Array.isArray(value)) for (const one of value) collect(one, path, step, results);
  else if (value === undefined || value === null) return;
  else if (step === path.length) results.push(value);
  else if (isBlockBody(value)) collect(value[path[step] ?? ""], path, step + 1, results);
};

/**
 * Returns all values under a path. A nested block is an object or a list of objects, so each step also descends into
 * lists. Absent values are skipped.
 */
export const getValues = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const results: unknown[] = [];
  collect(value, path, 0, results);
  return results;
};

/** Returns the objects under a path. */
export const getBlocks = (value: unknown, ...path: readonly string[]): readonly BlockBody[] =>
  getValues(value, ...path).filter(isBlockBody);

/** Returns the non-empty strings under a path. */
export const getStrings = (value: unknown, ...path: readonly string[]): readonly string[] =>
  getValues(value, ...path).filter((value): value is string => typeof value === "string" && value !== "");

/** Returns the first non-empty string under a path. */
export const getString = (value: unknown, ...path: readonly string[]): string | undefined =>
  getStrings(value, ...path)[0];

/** Returns the first number under a path. */
export const getNumber = (value: unknown, ...path: readonly string[]): number | undefined =>
  getValues(value, ...path).find((value): value is number => typeof value === "number");

/** Whether a flag is true; Terraform also accepts the string `true`. */
export const isTrue = (value: unknown, ...path: readonly string[]): boolean =>
  getValues(value, ...path).some((value) => value === true || value === "true");
