import {
  type Fields,
  isEmpty,
  isFields,
  isList,
  Sensitive,
  sameValue,
  Unknown,
  type Value,
} from "./value.ts";

/** A step into an object: an attribute's name, a place in a list, or what identifies an element. */
type Step = string | number | { readonly element: string };

/** One attribute that changes. Values of sensitive ones are not in it. */
export interface AttributeChange {
  /** `a.b[0].c`; `rule["name"]` for an element known by its name. */
  readonly path: string;
  /** Absent where there was none. */
  readonly before?: Value;
  /** Absent where there is none any more. */
  readonly after?: Value;
  /** What the configuration names, where the value is known after apply. */
  readonly references: readonly string[];
  /** Whether before and after hold only the elements that went and came. */
  readonly elements: boolean;
  /** Whether this is why the resource is replaced. */
  readonly forcesReplacement: boolean;
}

interface Found {
  readonly steps: readonly Step[];
  readonly before?: Value;
  readonly after?: Value;
  readonly elements?: true;
}

const pathText = (steps: readonly Step[]): string =>
  steps
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      if (typeof step === "object") return `[${JSON.stringify(step.element)}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join("");

/** By what an element of a list is known, in the order of trust. */
const identities = [
  "Sid",
  "sid",
  "id",
  "rule_id",
  "name",
  "Name",
  "index_name",
  "key",
  "attribute_name",
  "arn",
];

const identityOf = (before: readonly Fields[], after: readonly Fields[]): string | undefined =>
  identities.find((key) =>
    [before, after].every((list) => {
      const names = list.map((fields) => fields[key]);
      return (
        names.every((name) => typeof name === "string" && name !== "") && new Set(names).size === names.length
      );
    }),
  );

/** The structure in a JSON text, which is compared by what it says. */
const structureOf = (value: Value | undefined): Value | undefined => {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return fromJson(parsed);
  } catch {
    return undefined;
  }
};
const fromJson = (value: unknown): Value => {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
};

const isScalar = (value: Value): boolean => !isList(value) && !isFields(value);

function* compareLists(
  steps: readonly Step[],
  before: readonly Value[],
  after: readonly Value[],
): Generator<Found> {
  const went = before.filter((value) => !after.some((other) => sameValue(value, other)));
  const came = after.filter((value) => !before.some((other) => sameValue(value, other)));
  if (went.length === 0 && came.length === 0) {
    yield { steps, before, after };
    return;
  }
  if ([...went, ...came].every(isFields)) {
    const [left, right] = [went.filter(isFields), came.filter(isFields)];
    const identity = identityOf(left, right);
    if (identity !== undefined) {
      const names = new Set([...left, ...right].map((fields) => String(fields[identity])));
      for (const name of names)
        yield* compare(
          [...steps, { element: name }],
          left.find((fields) => fields[identity] === name),
          right.find((fields) => fields[identity] === name),
        );
      return;
    }
    const [one, other] = [went[0], came[0]];
    if (left.length === 1 && right.length === 1 && one !== undefined && other !== undefined) {
      yield* compare(
        before.length === 1 && after.length === 1 ? [...steps, 0] : [...steps, before.indexOf(one)],
        one,
        other,
      );
      return;
    }
  } else if (![...before, ...after].every(isScalar)) {
    yield { steps, before, after };
    return;
  }
  yield { steps, before: went, after: came, elements: true };
}

function* compare(
  steps: readonly Step[],
  before: Value | undefined,
  after: Value | undefined,
): Generator<Found> {
  if (sameValue(before, after)) return;
  if (isFields(before) && isFields(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)].sort()))
      yield* compare(
        [...steps, key],
        Object.hasOwn(before, key) ? before[key] : undefined,
        Object.hasOwn(after, key) ? after[key] : undefined,
      );
    return;
  }
  if (isList(before) && isList(after)) {
    yield* compareLists(steps, before, after);
    return;
  }
  const [left, right] = [structureOf(before), structureOf(after)];
  if (left !== undefined && right !== undefined) {
    yield* compare(steps, left, right);
    return;
  }
  yield { steps, ...(isEmpty(before) ? {} : { before }), ...(isEmpty(after) ? {} : { after }) };
}

const names = (steps: readonly Step[]): readonly Step[] => steps.filter((step) => typeof step === "string");
const beginsWith = (long: readonly Step[], short: readonly Step[]): boolean =>
  short.length <= long.length && short.every((step, at) => step === long[at]);

/** What `replace_paths` lead to. */
const valueAt = (value: Value | undefined, path: readonly (string | number)[]): Value | undefined =>
  path.reduce<Value | undefined>(
    (inner, step) =>
      isList(inner) && typeof step === "number"
        ? inner[step]
        : isFields(inner) && typeof step === "string" && Object.hasOwn(inner, step)
          ? inner[step]
          : undefined,
    value,
  );

export interface CompareOptions {
  /** Paths that make Terraform replace the resource. @default none */
  readonly replacePaths?: readonly (readonly (string | number)[])[];
  /** Whether an attribute that is known after apply is one of the configuration's. @default all are */
  readonly sets?: (path: readonly string[]) => boolean;
  /** What the configuration names in an attribute. @default nothing */
  readonly references?: (path: readonly string[]) => readonly string[];
}

/**
 * The attributes in which two states of an object differ: those that force a replacement first. What AWS alone sets
 * and is known after apply is left out, as is the second list of tags that the provider keeps.
 */
export const compareAttributes = (
  before: Fields,
  after: Fields,
  { replacePaths = [], sets = () => true, references = () => [] }: CompareOptions = {},
): readonly AttributeChange[] => {
  const found = [...compare([], before, after)];
  for (const path of replacePaths)
    if (
      !found.some(
        ({ steps }) => beginsWith(names(steps), names(path)) || beginsWith(names(path), names(steps)),
      )
    ) {
      const [left, right] = [valueAt(before, path), valueAt(after, path)];
      found.push({
        steps: path,
        ...(left === undefined ? {} : { before: left }),
        ...(right === undefined ? {} : { after: right }),
      });
    }
  const tagged = found.some(({ steps }) => steps[0] === "tags");
  return found
    .map((change): AttributeChange & { readonly names: readonly string[] } => {
      const path = change.steps.filter((step) => typeof step === "string");
      const forcesReplacement = replacePaths.some(
        (path) =>
          beginsWith(names(change.steps), names(path)) || beginsWith(names(path), names(change.steps)),
      );
      const unknown = change.after instanceof Unknown;
      return {
        names: path,
        path: pathText(change.steps),
        ...(change.before === undefined ? {} : { before: change.before }),
        ...(change.after === undefined ? {} : { after: change.after }),
        references: unknown ? references(path) : [],
        elements: change.elements === true,
        forcesReplacement,
      };
    })
    .filter(
      ({ names: path, after: then, forcesReplacement }) =>
        forcesReplacement ||
        (!(then instanceof Unknown && !sets(path)) &&
          !(then instanceof Sensitive && !sets(path)) &&
          !(path[0] === "tags_all" && tagged)),
    )
    .sort((one, other) => Number(other.forcesReplacement) - Number(one.forcesReplacement))
    .map(({ names: _, ...change }) => change);
};
