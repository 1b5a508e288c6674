import * as z from "zod";
import type { ConfiguredModule, PlanDocument, ValuesModule } from "./plan-document.ts";
import { type Fields, fieldOf, isFields, isList, markValue, type Value } from "./value.ts";

const expression = z.object({
  constant_value: z.unknown().optional(),
  references: z.array(z.string()).optional(),
});

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
  /** Whether the configuration sets the attribute; undefined where it does not have the resource. */
  sets(address: string, attribute: string): boolean | undefined;
  /** What the attribute's expression names, e.g. `aws_sqs_queue.uploads.arn`. */
  references(address: string, attribute: string): readonly string[];
  /**
   * The attribute's text with what is known filled in; `${…}` stays for the rest. Only configurations in JSON, as
   * CDKTF writes them, have their text in the plan.
   */
  text(address: string, attribute: string): string | undefined;
}

/** Reads a plan's configuration beside its values. */
export const readConfigured = (plan: PlanDocument): Configured => {
  const expressions = expressionsOf(plan.configuration?.root_module, "", new Map());
  const values = collectValues(plan.prior_state?.values?.root_module, new Map());
  for (const { address, deposed, change } of plan.resource_changes)
    if (deposed === undefined)
      values.set(address, markValue(change.after, change.after_sensitive, change.after_unknown));
  const find = (address: string, attribute: string): z.infer<typeof expression> | undefined => {
    const found = expressions.get(withoutKeys(address));
    if (found === undefined || !Object.hasOwn(found, attribute)) return undefined;
    return expression.safeParse(found[attribute]).data;
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
  return {
    sets(address, attribute) {
      const found = expressions.get(withoutKeys(address));
      return found === undefined ? undefined : Object.hasOwn(found, attribute);
    },
    references(address, attribute) {
      const named = find(address, attribute)?.references ?? [];
      return named.filter(
        (one) => !named.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)),
      );
    },
    text(address, attribute) {
      const written = find(address, attribute)?.constant_value;
      if (typeof written !== "string") return undefined;
      return written
        .replaceAll(template, (whole, name: string) => {
          const value = resolve(name.trim());
          // Into JSON text, as the template stands in one: a value with quotes must not end the text around it.
          return typeof value === "string" ? JSON.stringify(value).slice(1, -1) : whole;
        })
        .replaceAll("$${", "${");
    },
  };
};

/** An object of the plan with its marks; no attributes where there is none. */
export const fieldsOf = (value: unknown, sensitive: unknown, unknowns?: unknown): Fields => {
  const marked = markValue(value, sensitive, unknowns);
  return isFields(marked) ? marked : {};
};
