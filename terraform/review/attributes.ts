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

/** A step of a path: an attribute name, a list index, or the identity of a list element. */
type Step = string | number | { readonly element: string };

/** A changed attribute; sensitive values are hidden. */
export interface AttributeChange {
  /** E.g. `a.b[0].c`, or `rule["name"]` for an element identified by name. */
  readonly path: string;
  /** Undefined if added. */
  readonly before?: Value;
  /** Undefined if removed. */
  readonly after?: Value;
  /** References in the configuration, for a value known after apply. */
  readonly references: readonly string[];
  /** Whether before and after contain only the removed and added list elements. */
  readonly isElementDiff: boolean;
  /** Whether the change forces the replacement. */
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

/** Attributes that identify a list element, by preference. */
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

/** Parses a JSON string, so that its content is compared; undefined for other values. */
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

/** Returns the value at a path of `replace_paths`. */
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

/** Options of `compareAttributes`. */
export interface CompareOptions {
  /** Paths that make Terraform replace the resource. @default none */
  readonly replacePaths?: readonly (readonly (string | number)[])[];
  /** Whether the configuration sets an attribute that is known after apply. @default true */
  readonly isSet?: (path: readonly string[]) => boolean;
  /** References of an attribute in the configuration. @default none */
  readonly references?: (path: readonly string[]) => readonly string[];
}

/**
 * Compares the attributes of an object; those that force a replacement come first. Left out: attributes that only AWS
 * sets and that are known after apply, and the provider's `tags_all`.
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
