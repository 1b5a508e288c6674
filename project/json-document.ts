import * as z from "zod";
import { UserError } from "../pipeline/errors/errors.ts";
import { parseJson } from "../pipeline/text/parse-json.ts";

const documentSchema = z.record(z.string(), z.unknown());
/** The object in a JSON file. */
export type JsonDocument = z.output<typeof documentSchema>;

/** Parses a JSON file of the project. @throws UserError if it does not contain a JSON object */
export const parseDocument = (path: string, text: string): JsonDocument => {
  const parsed = documentSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UserError(`${path} is not a JSON object. Correct the file, or move it away and run init again.`);
};

/** Renders a JSON file, with an indentation of two spaces unless the file had another one. */
export const renderDocument = (document: JsonDocument, previousText = ""): string => {
  const [, indentation = "  "] = /^([ \t]+)"/m.exec(previousText) ?? [];
  return `${JSON.stringify(document, null, indentation)}\n`;
};

/** Renders a document that is derived from an existing file. Without a change, the file keeps its exact text. */
export const renderChanged = (
  document: JsonDocument,
  previous: JsonDocument,
  previousText: string,
): string =>
  JSON.stringify(document) === JSON.stringify(previous)
    ? previousText
    : renderDocument(document, previousText);
