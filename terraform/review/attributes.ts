import { parseJson } from "../../pipeline/text/parse-json.ts";
import {
  type Fields,
  isEmpty,
  isFields,
  isList,
  isSameValue,
  SensitiveValue,
  UnknownValue,
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
  readonly isElementDiff: boolean;
  /** Whether this is why the resource is replaced. */
  readonly forcesReplacement: boolean;
}

interface Difference {
  readonly steps: readonly Step[];
  readonly before?: Value;
  readonly after?: Value;
  readonly isElementDiff?: true;
}

const renderPath = (steps: readonly Step[]): string =>
  steps
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      if (typeof step === "object") return `[${JSON.stringify(step.element)}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join("");

/** By what an element of a list is known, in the order of trust. */
const identityKeys = [
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

const findIdentityKey = (before: readonly Fields[], after: readonly Fields[]): string | undefined =>
  identityKeys.find((key) =>
    [before, after].every((list) => {
      const getNames = list.map((fields) => fields[key]);
      return (
        getNames.every((name) => typeof name === "string" && name !== "") &&
        new Set(getNames).size === getNames.length
      );
    }),
  );

/** The structure in a JSON text, which is compared by what it says. */
const parseStructure = (value: Value | undefined): Value | undefined => {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  const parsed = parseJson(value);
  return parsed === undefined ? undefined : fromJson(parsed);
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
): Generator<Difference> {
  const removed = before.filter((value) => !after.some((other) => isSameValue(value, other)));
  const added = after.filter((value) => !before.some((other) => isSameValue(value, other)));
  if (removed.length === 0 && added.length === 0) {
    yield { steps, before, after };
    return;
  }
  if ([...removed, ...added].every(isFields)) {
    const [left, right] = [removed.filter(isFields), added.filter(isFields)];
    const identity = findIdentityKey(left, right);
    if (identity !== undefined) {
      const getNames = new Set([...left, ...right].map((fields) => String(fields[identity])));
      for (const name of getNames)
        yield* compare(
          [...steps, { element: name }],
          left.find((fields) => fields[identity] === name),
          right.find((fields) => fields[identity] === name),
        );
      return;
    }
    const [one, other] = [removed[0], added[0]];
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
  yield { steps, before: removed, after: added, isElementDiff: true };
}

function* compare(
  steps: readonly Step[],
  before: Value | undefined,
  after: Value | undefined,
): Generator<Difference> {
  if (isSameValue(before, after)) return;
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
  const [left, right] = [parseStructure(before), parseStructure(after)];
  if (left !== undefined && right !== undefined) {
    yield* compare(steps, left, right);
    return;
  }
  yield { steps, ...(isEmpty(before) ? {} : { before }), ...(isEmpty(after) ? {} : { after }) };
}

const getNames = (steps: readonly Step[]): readonly Step[] =>
  steps.filter((step) => typeof step === "string");
const hasPrefix = (long: readonly Step[], short: readonly Step[]): boolean =>
  short.length <= long.length && short.every((step, at) => step === long[at]);

/** What `replace_paths` lead to. */
const getValueAt = (value: Value | undefined, path: readonly (string | number)[]): Value | undefined =>
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
  readonly isSet?: (path: readonly string[]) => boolean;
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
  { replacePaths = [], isSet = () => true, references = () => [] }: CompareOptions = {},
): readonly AttributeChange[] => {
  const differences = [...compare([], before, after)];
  for (const path of replacePaths)
    if (
      !differences.some(
        ({ steps }) =>
          hasPrefix(getNames(steps), getNames(path)) || hasPrefix(getNames(path), getNames(steps)),
      )
    ) {
      const [left, right] = [getValueAt(before, path), getValueAt(after, path)];
      differences.push({
        steps: path,
        ...(left === undefined ? {} : { before: left }),
        ...(right === undefined ? {} : { after: right }),
      });
    }
  const hasTagChange = differences.some(({ steps }) => steps[0] === "tags");
  return differences
    .map((change): AttributeChange & { readonly getNames: readonly string[] } => {
      const path = change.steps.filter((step) => typeof step === "string");
      const forcesReplacement = replacePaths.some(
        (path) =>
          hasPrefix(getNames(change.steps), getNames(path)) ||
          hasPrefix(getNames(path), getNames(change.steps)),
      );
      const isUnknown = change.after instanceof UnknownValue;
      return {
        getNames: path,
        path: renderPath(change.steps),
        ...(change.before === undefined ? {} : { before: change.before }),
        ...(change.after === undefined ? {} : { after: change.after }),
        references: isUnknown ? references(path) : [],
        isElementDiff: change.isElementDiff === true,
        forcesReplacement,
      };
    })
    .filter(
      ({ getNames: path, after: then, forcesReplacement }) =>
        forcesReplacement ||
        (!(then instanceof UnknownValue && !isSet(path)) &&
          !(then instanceof SensitiveValue && !isSet(path)) &&
          !(path[0] === "tags_all" && hasTagChange)),
    )
    .sort((one, other) => Number(other.forcesReplacement) - Number(one.forcesReplacement))
    .map(({ getNames: _, ...change }) => change);
};
