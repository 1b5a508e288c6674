import { isBlockBody } from "../../../terraform/policy/block-values.ts";
import { parseEmbeddedJson } from "../../../terraform/policy/embedded-json.ts";

/** A change of one block's content, in place. */
export type Edit = (body: Record<string, unknown>) => void;

const getChild = (value: unknown, step: string): unknown => {
  if (Array.isArray(value)) return value[Number(step)];
  return isBlockBody(value) ? value[step] : undefined;
};

/** Sets a value at a path such as `rule.0.status`; every parent must exist. `+` appends to a list. */
export const put =
  (path: string, value: unknown): Edit =>
  (body) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>(getChild, body);
    if (typeof parent !== "object" || parent === null) throw new Error(`There is no ${path} to change.`);
    if (last === "+" && Array.isArray(parent)) parent.push(value);
    else Reflect.set(parent, last, value);
  };

/** Removes the value at a path, which must exist. */
export const removeBlock =
  (path: string): Edit =>
  (body) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>(getChild, body);
    if (typeof parent !== "object" || parent === null || !(last in parent))
      throw new Error(`There is no ${path} to take away.`);
    Reflect.deleteProperty(parent, last);
  };

/** Changes JSON that is embedded as text in a field. */
export const inJson =
  (field: string, edit: Edit): Edit =>
  (body) => {
    const text = body[field];
    const inside = { value: typeof text === "string" ? parseEmbeddedJson(text) : undefined };
    if (inside.value === undefined) throw new Error(`There is no JSON in ${field}.`);
    edit(inside);
    body[field] = JSON.stringify(inside.value);
  };

/** Replaces a part of a field's text. */
export const replace =
  (field: string, before: string, after: string): Edit =>
  (body) => {
    const text = body[field];
    if (typeof text !== "string" || !text.includes(before))
      throw new Error(`There is no ${before} in ${field}.`);
    body[field] = text.replaceAll(before, after);
  };
