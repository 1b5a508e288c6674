/** The content of a Terraform block: attributes and nested blocks, as JSON has them. */
export type BlockBody = Readonly<Record<string, unknown>>;

/** Whether a value of the JSON is an object. */
export const isBlockBody = (value: unknown): value is BlockBody =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const collect = (value: unknown, path: readonly string[], step: number, results: unknown[]): void => {
  if (Array.isArray(value)) for (const one of value) collect(one, path, step, results);
  else if (value === undefined || value === null) return;
  else if (step === path.length) results.push(value);
  else if (isBlockBody(value)) collect(value[path[step] ?? ""], path, step + 1, results);
};

/**
 * All values under a path. A nested block is an object or a list of them, as the synthesiser likes, so each step looks
 * into lists; what is absent gives nothing.
 */
export const getValues = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const results: unknown[] = [];
  collect(value, path, 0, results);
  return results;
};

/** The objects among them. */
export const getBlocks = (value: unknown, ...path: readonly string[]): readonly BlockBody[] =>
  getValues(value, ...path).filter(isBlockBody);

/** The texts among them that are not empty. */
export const getStrings = (value: unknown, ...path: readonly string[]): readonly string[] =>
  getValues(value, ...path).filter((value): value is string => typeof value === "string" && value !== "");

/** The first text under a path. */
export const getString = (value: unknown, ...path: readonly string[]): string | undefined =>
  getStrings(value, ...path)[0];

/** The first number under a path. */
export const getNumber = (value: unknown, ...path: readonly string[]): number | undefined =>
  getValues(value, ...path).find((value): value is number => typeof value === "number");

/** Whether a flag is set; Terraform takes the word for it too. */
export const isTrue = (value: unknown, ...path: readonly string[]): boolean =>
  getValues(value, ...path).some((value) => value === true || value === "true");
