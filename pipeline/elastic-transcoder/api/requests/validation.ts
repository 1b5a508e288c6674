import type { $ZodIssue } from "zod/v4/core";
import type * as z from "../../../schema/z.ts";
import { ApiError } from "../api-error.ts";

/** Violations listed in one message. The rest are counted. */
const maxViolations = 10;

const formatValue = (value: unknown): string => {
  if (value === undefined || value === null) return "Value null";
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const clean = text.replace(/\p{Cc}/gu, "�");
  return `Value '${clean.length > 64 ? `${clean.slice(0, 63)}…` : clean}'`;
};

const describeConstraint = (issue: $ZodIssue): string => {
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

const describeIssue = (issue: $ZodIssue): readonly string[] => {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map(
      (name) => `'${path === "" ? name : `${path}.${name}`}' is not a field of this operation`,
    );
  const location = path === "" ? "the request" : `'${path}'`;
  if (issue.code === "custom")
    return [`${formatValue(issue.input)} at ${location} failed to satisfy constraint: ${issue.message}`];
  return [
    `${formatValue(issue.input)} at ${location} failed to satisfy constraint: ${describeConstraint(issue)}`,
  ];
};

/**
 * A ValidationException in the service's own wording. Fields are named by their path in the request, e.g.
 * `Outputs.0.Key`.
 */
export const buildValidationError = (violations: readonly string[]): ApiError => {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  const rest = violations.length > maxViolations ? `; and ${violations.length - maxViolations} more` : "";
  return new ApiError(
    "ValidationException",
    `${count}: ${violations.slice(0, maxViolations).join("; ")}${rest}`,
  );
};

/** Treats null as an omitted field, as AWS does. */
const removeNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(removeNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, removeNulls(field)]),
  );
};

/** @throws ApiError ValidationException that names every invalid field */
export const parseRequest = <Schema extends z.ZodMiniType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => {
  const parsed = schema.safeParse(removeNulls(body), { reportInput: true });
  if (!parsed.success) throw buildValidationError(parsed.error.issues.flatMap(describeIssue));
  return parsed.data;
};
