import { readFile } from "node:fs/promises";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Result of reading a JSON file in the data folder. `reason` completes "FILE …" and never quotes the content. */
export type JsonFile<Value> =
  | { readonly kind: "valid"; readonly value: Value }
  | { readonly kind: "missing" }
  /** A non-atomic writer was killed, or a power failure lost the content. */
  | { readonly kind: "empty"; readonly reason: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Reads a JSON file and validates it. Rejects only if the file system cannot read it. */
export const readJsonFile = async <Schema extends z.core.$ZodType>(
  path: string,
  schema: Schema,
): Promise<JsonFile<z.output<Schema>>> => {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (getSystemErrorCode(cause) === "ENOENT") return { kind: "missing" };
    throw cause;
  }
  if (text === "") return { kind: "empty", reason: "is empty" };
  const document = parseJson(text);
  if (document === undefined) return { kind: "broken", reason: "is not valid JSON" };
  const parsed = z.safeParse(schema, document);
  if (parsed.success) return { kind: "valid", value: parsed.data };
  const fields = new Set(parsed.error.issues.map(({ path: field }) => field.join(".")));
  fields.delete("");
  return {
    kind: "broken",
    reason:
      fields.size === 0 ? "does not match the schema" : `has invalid values in: ${[...fields].join(", ")}`,
  };
};
