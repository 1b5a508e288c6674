import { isBlockBody } from "../../terraform/policy/block-values.ts";
import { parseEmbeddedJson } from "../../terraform/policy/embedded-json.ts";

/** A change of one block's content, in place. */
export type Edit = (body: Record<string, unknown>) => void;

const within = (value: unknown, step: string): unknown => {
  if (Array.isArray(value)) return value[Number(step)];
  return isBlockBody(value) ? value[step] : undefined;
};

/** Puts a value at a path such as `rule.0.status`; every step but the last must be there. `+` is a list's end. */
export const put =
  (path: string, value: unknown): Edit =>
  (body) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>(within, body);
    if (typeof parent !== "object" || parent === null) throw new Error(`There is no ${path} to change.`);
    if (last === "+" && Array.isArray(parent)) parent.push(value);
    else Reflect.set(parent, last, value);
  };

/** Takes away what is at a path; it must be there. */
export const drop =
  (path: string): Edit =>
  (body) => {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const parent = steps.reduce<unknown>(within, body);
    if (typeof parent !== "object" || parent === null || !(last in parent))
      throw new Error(`There is no ${path} to take away.`);
    Reflect.deleteProperty(parent, last);
  };

/** Changes the JSON that stands as text in a field. */
export const inJson =
  (field: string, edit: Edit): Edit =>
  (body) => {
    const text = body[field];
    const inside = { value: typeof text === "string" ? parseEmbeddedJson(text) : undefined };
    if (inside.value === undefined) throw new Error(`There is no JSON in ${field}.`);
    edit(inside);
    body[field] = JSON.stringify(inside.value);
  };

/** Replaces what stands somewhere in a field's text. */
export const replace =
  (field: string, before: string, after: string): Edit =>
  (body) => {
    const text = body[field];
    if (typeof text !== "string" || !text.includes(before))
      throw new Error(`There is no ${before} in ${field}.`);
    body[field] = text.replaceAll(before, after);
  };
