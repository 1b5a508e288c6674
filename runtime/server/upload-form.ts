import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { writeStream } from "../../adapters/local/stream-file.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { getContentLength, readBody } from "./request-body.ts";

/** Maximum size of the fields of a form in total, names included, bytes. */
const maxFieldsBytes = 64 * 1024;
/** Limits of the parser. */
const limits = {
  fields: 1000,
  files: 1,
  fieldNameSize: 1024,
  fieldSize: 8 * 1024,
  headerPairs: 16,
  headerSize: 8 * 1024,
} as const;

/** Name of the field with the file. */
const fileField = "file";

const createFormProblem = (detail: string): ProblemError => new ProblemError("invalid-request", detail);
const createTooLargeProblem = (maxBytes: number): ProblemError =>
  new ProblemError("body-too-large", `The file exceeds ${maxBytes} bytes, the limit of this form.`);

const createParser = (contentType: string): BusboyInstance => {
  if (!/^multipart\/form-data\s*;/i.test(contentType))
    throw new ProblemError(
      "unsupported-media-type",
      "The request body has an unsupported Content-Type. Send a form with Content-Type: multipart/form-data.",
    );
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits,
      isPartAFile: (name) => name === fileField,
    });
  } catch {
    throw createFormProblem("The Content-Type multipart/form-data has no valid boundary.");
  }
};

const limitBytes = (maxBytes: number): Transform => {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      done(bytes > maxBytes ? createTooLargeProblem(maxBytes) : null, chunk);
    },
    flush(done) {
      done(bytes === 0 ? createFormProblem("The file is empty.") : null);
    },
  });
};

/**
 * Writes the file of a form (multipart/form-data) to a path as a stream. The form has its fields first, then one file,
 * named `file`.
 *
 * @param checkFields called with the fields before the file is read; returns what the result contains, and the limit of
 *   the file
 * @returns the result of `checkFields`
 * @throws ProblemError
 */
export const receiveForm = async <Checked extends { readonly maxBytes: number }>(
  request: Request,
  path: string,
  checkFields: (fields: URLSearchParams) => Checked,
): Promise<Checked> => {
  const parser = createParser(request.headers.get("content-type") ?? "");
  const fields = new URLSearchParams();
  const contentLength = getContentLength(request) ?? 0;
  const abort = new AbortController();
  let fieldsBytes = 0;
  let file: { readonly checked: Checked; readonly written: Promise<void> } | undefined;
  let failure: unknown;
  const fail = (cause: unknown): void => {
    failure ??= cause;
    abort.abort();
  };
  const failWith = (detail: string) => (): void => fail(createFormProblem(detail));

  parser.on("field", (name, value, isNameTruncated, isValueTruncated) => {
    fieldsBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (file !== undefined) fail(createFormProblem("A field follows the file. Send the file last."));
    else if (isNameTruncated || isValueTruncated || fieldsBytes > maxFieldsBytes)
      fail(new ProblemError("body-too-large", "The fields of the form are too large."));
    else fields.append(name, value);
  });
  parser.on("file", (_name, stream) => {
    try {
      const checked = checkFields(fields);
      if (contentLength > checked.maxBytes + 2 * maxFieldsBytes)
        throw createTooLargeProblem(checked.maxBytes);
      const written = writeStream([stream, limitBytes(checked.maxBytes)], path, {
        signal: abort.signal,
      });
      written.catch(fail);
      file = { checked, written };
    } catch (cause) {
      stream.resume();
      fail(cause);
    }
  });
  parser.on("filesLimit", failWith("The form has more than one file."));
  parser.on("fieldsLimit", failWith(`The form has more than ${limits.fields} fields.`));
  parser.on(
    "error",
    failWith("The form is not valid multipart/form-data, or ends early. Nothing was stored."),
  );
  try {
    await pipeline(readBody(request), parser, { signal: abort.signal });
    await file?.written;
  } catch (cause) {
    fail(cause);
    await file?.written.catch(() => undefined);
  }
  if (failure !== undefined) throw failure;
  if (file === undefined)
    throw createFormProblem("The form has no file. Send it as the last field, named file.");
  return file.checked;
};
