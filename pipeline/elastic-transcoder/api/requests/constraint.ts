import type { $ZodIssue } from "zod/v4/core";
import type * as z from "../../../schema/z.ts";
import { ApiError } from "../api-error.ts";

/** Violations that one message tells of; a body with more is wrong in its whole shape. */
const told = 10;

const quote = (value: unknown): string => {
  if (value === undefined || value === null) return "Value null";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const clean = text.replace(/\p{Cc}/gu, "�");
  return `Value '${clean.length > 64 ? `${clean.slice(0, 63)}…` : clean}'`;
};

const constraintOf = (issue: $ZodIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "Member must not be null"
        : `Member must be of type ${issue.expected === "record" ? "object" : issue.expected}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    case "invalid_format":
      return `Member must satisfy regular expression pattern: ${(issue.pattern ?? "").replace(/^\/|\/\w*$/g, "")}`;
    case "too_big":
      return `Member must have length less than or equal to ${issue.maximum}`;
    case "too_small":
      return `Member must have length greater than or equal to ${issue.minimum}`;
    default:
      return issue.message;
  }
};

const violations = (issue: $ZodIssue): readonly string[] => {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map(
      (name) => `'${path === "" ? name : `${path}.${name}`}' is not a field of this operation`,
    );
  const at = path === "" ? "the request" : `'${path}'`;
  if (issue.code === "custom")
    return [`${quote(issue.input)} at ${at} failed to satisfy constraint: ${issue.message}`];
  return [`${quote(issue.input)} at ${at} failed to satisfy constraint: ${constraintOf(issue)}`];
};

/** A refusal in the words the service has used for it, the field by its path in the request, e.g. `Outputs.0.Key`. */
export const validationError = (found: readonly string[]): ApiError => {
  const count = `${found.length} validation error${found.length === 1 ? "" : "s"} detected`;
  const rest = found.length > told ? `; and ${found.length - told} more` : "";
  return new ApiError("ValidationException", `${count}: ${found.slice(0, told).join("; ")}${rest}`);
};

/** Nulls are fields that a client leaves out. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== null)
      .map(([name, held]) => [name, withoutNulls(held)]),
  );
};

/** @throws ApiError ValidationException that names every field at fault */
export const parseRequest = <Schema extends z.ZodMiniType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(withoutNulls(body), { reportInput: true });
  if (!parsed.success) throw validationError(parsed.error.issues.flatMap(violations));
  return parsed.data;
};
