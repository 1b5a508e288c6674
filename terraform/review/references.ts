import * as z from "zod";
import { actionOf } from "./action.ts";
import type { ConfiguredModule, PlanDocument, ResourceChange, ValuesModule } from "./plan-document.ts";
import { type Fields, fieldOf, isFields, isList, markValue, Unknown, type Value } from "./value.ts";

const expression = z.object({
  constant_value: z.unknown().optional(),
  references: z.array(z.string()).optional(),
});

const block = z.record(z.string(), z.unknown());

/** The expressions that a path leads to: one of an attribute, those of every block of its name. */
const expressionsAt = (found: unknown, path: readonly string[]): readonly z.infer<typeof expression>[] => {
  if (Array.isArray(found)) return found.flatMap((inner) => expressionsAt(inner, path));
  const inside = block.safeParse(found).data;
  if (inside === undefined) return [];
  const [name, ...rest] = path;
  const whole = "constant_value" in inside || "references" in inside;
  // A whole map or object in one expression: what is deeper in it is set by it.
  if (whole || name === undefined) return [expression.safeParse(inside).data ?? {}];
  return Object.hasOwn(inside, name) ? expressionsAt(inside[name], rest) : [];
};

/** An address without its keys: what the configuration calls a resource. */
const withoutKeys = (address: string): string => address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");

const expressionsOf = (
  module: ConfiguredModule | undefined,
  prefix: string,
  into: Map<string, Readonly<Record<string, unknown>>>,
): Map<string, Readonly<Record<string, unknown>>> => {
  for (const { address, expressions } of module?.resources ?? [])
    into.set(`${prefix}${address}`, expressions);
  for (const [name, call] of Object.entries(module?.module_calls ?? {}))
    expressionsOf(call.module, `${prefix}module.${name}.`, into);
  return into;
};

const collectValues = (module: ValuesModule | undefined, into: Map<string, Value>): Map<string, Value> => {
  for (const { address, values, sensitive_values: sensitive } of module?.resources ?? [])
    into.set(address, markValue(values, sensitive));
  for (const child of module?.child_modules ?? []) collectValues(child, into);
  return into;
};

/** `${name.of.something}` alone; a `$${` is no template. */
const template = /(?<!\$)\$\{([^{}]*)\}/g;
const traversal = /^((?:data\.)?[A-Za-z][\w-]*\.[\w-]+)\.([\w.-]+)$/;

/** What the configuration says of a value that is known after apply. */
export interface Configured {
  /**
   * Whether the configuration sets the attribute; undefined where it does not have the resource.
   *
   * @param path names from the resource to the attribute, through blocks
   */
  sets(address: string, ...path: readonly string[]): boolean | undefined;
  /** What the attribute's expression names, e.g. `aws_sqs_queue.uploads.arn`. */
  references(address: string, ...path: readonly string[]): readonly string[];
  /**
   * The attribute's text with what is known filled in; `${…}` stays for the rest. Only configurations in JSON, as
   * CDKTF writes them, have their text in the plan.
   */
  text(address: string, attribute: string): string | undefined;
  /** Fills in JSON texts that are known after apply, as far as `text` knows them. */
  fill(address: string, fields: Fields): Fields;
}

/** Reads a plan's configuration beside its values. */
export const readConfigured = (plan: PlanDocument): Configured => {
  const expressions = expressionsOf(plan.configuration?.root_module, "", new Map());
  const values = collectValues(plan.prior_state?.values?.root_module, new Map());
  for (const { address, deposed, change } of plan.resource_changes)
    if (deposed === undefined)
      values.set(address, markValue(change.after, change.after_sensitive, change.after_unknown));
  const find = (address: string, path: readonly string[]): readonly z.infer<typeof expression>[] => {
    const found = expressions.get(withoutKeys(address));
    return found === undefined ? [] : expressionsAt(found, path);
  };
  const resolve = (name: string): Value | undefined => {
    const [, address, path] = traversal.exec(name) ?? [];
    if (address === undefined || path === undefined) return undefined;
    return path
      .split(".")
      .reduce<Value | undefined>(
        (value, step) => (isList(value) ? value[Number(step)] : fieldOf(value, step)),
        values.get(address),
      );
  };
  const text = (address: string, attribute: string): string | undefined => {
    const written = find(address, [attribute])[0]?.constant_value;
    if (typeof written !== "string") return undefined;
    return written
      .replaceAll(template, (whole, name: string) => {
        const value = resolve(name.trim());
        // Into JSON text, as the template stands in one: a value with quotes must not end the text around it.
        return typeof value === "string" ? JSON.stringify(value).slice(1, -1) : whole;
      })
      .replaceAll("$${", "${");
  };
  return {
    text,
    fill: (address, fields) =>
      Object.fromEntries(
        Object.entries(fields).map(([name, value]) => {
          const known = value instanceof Unknown ? text(address, name) : undefined;
          return [name, known !== undefined && /^\s*[[{]/.test(known) ? known : value];
        }),
      ),
    sets(address, ...path) {
      return expressions.has(withoutKeys(address)) ? find(address, path).length > 0 : undefined;
    },
    references(address, ...path) {
      const named = find(address, path).flatMap(({ references = [] }) => references);
      // Terraform lists `a.b.c` and, beside it, the `a.b` it begins with.
      return [...new Set(named)].filter(
        (one) => !named.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
      );
    },
  };
};

/** An object of the plan with its marks; no attributes where there is none. */
export const fieldsOf = (value: unknown, sensitive: unknown, unknowns?: unknown): Fields => {
  const marked = markValue(value, sensitive, unknowns);
  return isFields(marked) ? marked : {};
};

/** A resource of the plan with the attributes it has before and after. */
export const withSides = ({ type, address, mode, deposed, change }: ResourceChange) => ({
  type,
  address,
  mode,
  deposed,
  action: actionOf(change.actions),
  before: fieldsOf(change.before, change.before_sensitive),
  after: fieldsOf(change.after, change.after_sensitive, change.after_unknown),
});
export type Sides = ReturnType<typeof withSides>;
