import * as z from "zod";
import { classifyAction } from "./action.ts";
import type { ConfiguredModule, PlanDocument, ResourceChange, ValuesModule } from "./plan-document.ts";
import { applyMarks, type Fields, getField, isFields, isList, UnknownValue, type Value } from "./value.ts";

const expression = z.object({
  constant_value: z.unknown().optional(),
  references: z.array(z.string()).optional(),
});

const block = z.record(z.string(), z.unknown());

/** Finds the expressions at a path: one for an attribute, several for repeated blocks. */
const findExpressions = (value: unknown, path: readonly string[]): readonly z.infer<typeof expression>[] => {
  if (Array.isArray(value)) return value.flatMap((inner) => findExpressions(inner, path));
  const object = block.safeParse(value).data;
  if (object === undefined) return [];
  const [name, ...rest] = path;
  const isExpression = "constant_value" in object || "references" in object;
  // An expression for a whole map or object also sets its members.
  if (isExpression || name === undefined) return [expression.safeParse(object).data ?? {}];
  return Object.hasOwn(object, name) ? findExpressions(object[name], rest) : [];
};

/** Removes the instance keys from an address, as in the configuration. */
const stripInstanceKeys = (address: string): string =>
  address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");

const collectExpressions = (
  module: ConfiguredModule | undefined,
  prefix: string,
  into: Map<string, Readonly<Record<string, unknown>>>,
): Map<string, Readonly<Record<string, unknown>>> => {
  for (const { address, expressions } of module?.resources ?? [])
    into.set(`${prefix}${address}`, expressions);
  for (const [name, call] of Object.entries(module?.module_calls ?? {}))
    collectExpressions(call.module, `${prefix}module.${name}.`, into);
  return into;
};

const collectValues = (module: ValuesModule | undefined, into: Map<string, Value>): Map<string, Value> => {
  for (const { address, values, sensitive_values: sensitive } of module?.resources ?? [])
    into.set(address, applyMarks(values, sensitive));
  for (const child of module?.child_modules ?? []) collectValues(child, into);
  return into;
};

/** Matches `${name.of.something}`, but not an escaped `$${`. */
const templatePattern = /(?<!\$)\$\{([^{}]*)\}/g;
const traversalPattern = /^((?:data\.)?[A-Za-z][\w-]*\.[\w-]+)\.([\w.-]+)$/;

/** The configuration of a plan, for values that are known after apply. */
export interface PlanConfiguration {
  /**
   * Whether the configuration sets the attribute; undefined if it does not contain the resource.
   *
   * @param path names of blocks, then of the attribute
   */
  isSet(address: string, ...path: readonly string[]): boolean | undefined;
  /** References in the attribute's expression, e.g. `aws_sqs_queue.uploads.arn`. */
  references(address: string, ...path: readonly string[]): readonly string[];
  /**
   * Returns the attribute's text with known values filled in; `${…}` remains for the others. Only the plans of JSON
   * configurations, as written by CDKTF, contain the text.
   */
  getText(address: string, attribute: string): string | undefined;
  /** Replaces JSON attributes that are known after apply by their text from `getText`. */
  fillKnownText(address: string, fields: Fields): Fields;
}

/** Reads the configuration in a plan, with the plan's values. */
export const readPlanConfiguration = (plan: PlanDocument): PlanConfiguration => {
  const expressions = collectExpressions(plan.configuration?.root_module, "", new Map());
  const values = collectValues(plan.prior_state?.values?.root_module, new Map());
  for (const { address, deposed, change } of plan.resource_changes)
    if (deposed === undefined)
      values.set(address, applyMarks(change.after, change.after_sensitive, change.after_unknown));
  const find = (address: string, path: readonly string[]): readonly z.infer<typeof expression>[] => {
    const value = expressions.get(stripInstanceKeys(address));
    return value === undefined ? [] : findExpressions(value, path);
  };
  const resolve = (name: string): Value | undefined => {
    const [, address, path] = traversalPattern.exec(name) ?? [];
    if (address === undefined || path === undefined) return undefined;
    return path
      .split(".")
      .reduce<Value | undefined>(
        (value, step) => (isList(value) ? value[Number(step)] : getField(value, step)),
        values.get(address),
      );
  };
  const getText = (address: string, attribute: string): string | undefined => {
    const expressionText = find(address, [attribute])[0]?.constant_value;
    if (typeof expressionText !== "string") return undefined;
    return expressionText
      .replaceAll(templatePattern, (isExpression, name: string) => {
        const value = resolve(name.trim());
        // Escaped for the JSON around it, so that quotes in the value do not end the string.
        return typeof value === "string" ? JSON.stringify(value).slice(1, -1) : isExpression;
      })
      .replaceAll("$${", "${");
  };
  return {
    getText,
    fillKnownText: (address, fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, value]) => {
          const knownText = value instanceof UnknownValue ? getText(address, name) : undefined;
          return [name, knownText !== undefined && /^\s*[[{]/.test(knownText) ? knownText : value];
        }),
      ),
    isSet(address, ...path) {
      return expressions.has(stripInstanceKeys(address)) ? find(address, path).length > 0 : undefined;
    },
    references(address, ...path) {
      const allReferences = find(address, path).flatMap(({ references = [] }) => references);
      // Terraform lists `a.b.c` and also its prefix `a.b`.
      return [...new Set(allReferences)].filter(
        (one) => !allReferences.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
      );
    },
  };
};

/** Converts an object of the plan to fields with marks; empty for other values. */
export const toFields = (value: unknown, sensitive: unknown, unknowns?: unknown): Fields => {
  const marked = applyMarks(value, sensitive, unknowns);
  return isFields(marked) ? marked : {};
};

/** Converts a resource change to its attributes before and after. */
export const toResourceSides = ({ type, address, mode, deposed, change }: ResourceChange) => ({
  type,
  address,
  mode,
  deposed,
  action: classifyAction(change.actions),
  before: toFields(change.before, change.before_sensitive),
  after: toFields(change.after, change.after_sensitive, change.after_unknown),
});
/** A resource with its attributes before and after the plan. */
export type ResourceSides = ReturnType<typeof toResourceSides>;
