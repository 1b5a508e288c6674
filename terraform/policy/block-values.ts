/** The content of a Terraform block: attributes and nested blocks, as JSON has them. */
export type Body = Readonly<Record<string, unknown>>;

/** Whether a value of the JSON is an object. */
export const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const collect = (from: unknown, path: readonly string[], step: number, into: unknown[]): void => {
  if (Array.isArray(from)) for (const one of from) collect(one, path, step, into);
  else if (from === undefined || from === null) return;
  else if (step === path.length) into.push(from);
  else if (isBody(from)) collect(from[path[step] ?? ""], path, step + 1, into);
};

/**
 * All values under a path. A nested block is an object or a list of them, as the synthesiser likes, so each step looks
 * into lists; what is absent gives nothing.
 */
export const values = (from: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found: unknown[] = [];
  collect(from, path, 0, found);
  return found;
};

/** The objects among them. */
export const bodies = (from: unknown, ...path: readonly string[]): readonly Body[] =>
  values(from, ...path).filter(isBody);

/** The texts among them that are not empty. */
export const texts = (from: unknown, ...path: readonly string[]): readonly string[] =>
  values(from, ...path).filter((value): value is string => typeof value === "string" && value !== "");

/** The first text under a path. */
export const text = (from: unknown, ...path: readonly string[]): string | undefined =>
  texts(from, ...path)[0];

/** The first number under a path. */
export const number = (from: unknown, ...path: readonly string[]): number | undefined =>
  values(from, ...path).find((value): value is number => typeof value === "number");

/** Whether a flag is set; Terraform takes the word for it too. */
export const isOn = (from: unknown, ...path: readonly string[]): boolean =>
  values(from, ...path).some((value) => value === true || value === "true");
