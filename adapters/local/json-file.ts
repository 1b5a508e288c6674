import { readFile } from "node:fs/promises";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** What a JSON file of the data folder holds. `reason` completes "FILE …" and quotes nothing of the content. */
export type JsonFile<Value> =
  | { readonly kind: "valid"; readonly value: Value }
  | { readonly kind: "missing" }
  /** No bytes: a writer that did not write atomically was killed, or a power failure took the content. */
  | { readonly kind: "empty"; readonly reason: string }
  | { readonly kind: "broken"; readonly reason: string };

/** Reads a JSON file and checks its form. Rejects only where the file system refuses to read it. */
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
    reason: fields.size === 0 ? "has another form" : `has a wrong value in ${[...fields].join(", ")}`,
  };
};
