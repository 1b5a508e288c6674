import { readFile, stat } from "node:fs/promises";
import { get } from "node:http";
import { ImageError } from "./image-error.ts";

/** Reads a URL of the worker's source server. */
const readUrl = (url: string, bytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const fail = (detail: string) => reject(new ImageError("source", detail));
    const request = get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        fail(`status ${response.statusCode}`);
        return;
      }
      const buffer = Buffer.alloc(bytes);
      let offset = 0;
      response.on("data", (chunk: Buffer) => {
        if (offset + chunk.length > bytes) response.destroy(new Error(`more than ${bytes} bytes`));
        else offset += chunk.copy(buffer, offset);
      });
      response.on("error", (error) => fail(error.message));
      response.on("end", () => {
        if (offset === bytes) resolve(buffer);
        else fail(`${offset} of ${bytes} bytes`);
      });
    });
    request.on("error", (error) => fail(error.message));
  });

const readPath = async (path: string, bytes: number): Promise<Buffer> => {
  const { size } = await stat(path);
  if (size > bytes) throw new ImageError("source", `more than ${bytes} bytes`);
  return readFile(path);
};

/**
 * Reads the whole input.
 *
 * @param input loopback URL, or path of a file that the worker created
 * @param bytes size of the input; more is not read
 * @throws ImageError `source`
 */
export const readInput = (input: string, bytes: number): Promise<Buffer> =>
  input.startsWith("http://127.0.0.1:") ? readUrl(input, bytes) : readPath(input, bytes);
