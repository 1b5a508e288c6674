import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { unquoteEtag } from "../../pipeline/ports/etag.ts";
import {
  type CompletedPart,
  multipartLimits,
  type UploadedPart,
  UploadFailure,
} from "../../pipeline/ports/upload-signer.ts";
import { getSystemErrorCode } from "./system-error.ts";

const partNamePattern = /^(\d+)-([0-9a-f]{32})\.part$/;
const copyBufferBytes = 2 ** 20;

/** Lists the names in a folder; none if it does not exist. */
export const listNames = async (folder: string): Promise<readonly string[]> =>
  readdir(folder).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") return [];
    throw cause;
  });

/** Lists the stored parts of an upload's folder by number; the newest first if a number has two. */
export const readParts = async (
  folder: string,
): Promise<readonly (UploadedPart & { readonly path: string })[]> => {
  const parts = await Promise.all(
    (await listNames(folder)).flatMap((name) => {
      const [, number, md5] = partNamePattern.exec(name) ?? [];
      if (number === undefined || md5 === undefined) return [];
      const path = join(folder, name);
      return [
        stat(path).then(({ size, mtimeMs }) => ({
          partNumber: Number(number),
          etag: `"${md5}"`,
          bytes: size,
          path,
          mtimeMs,
        })),
      ];
    }),
  );
  return parts.sort((a, b) => a.partNumber - b.partNumber || b.mtimeMs - a.mtimeMs);
};

/** Checks the parts that a client completes an upload with. @throws UploadFailure `invalid-parts` */
export const checkParts = (
  parts: readonly CompletedPart[],
  stored: readonly UploadedPart[],
): readonly UploadedPart[] => {
  const storedByNumber = new Map(stored.toReversed().map((part) => [part.partNumber, part]));
  const fail = (message: string): never => {
    throw new UploadFailure("invalid-parts", message);
  };
  for (const [index, { partNumber }] of parts.entries()) {
    const previous = parts[index - 1];
    if (previous !== undefined && previous.partNumber >= partNumber)
      return fail(`Part ${partNumber} follows part ${previous.partNumber}. Order the parts by their number.`);
  }
  const checked = parts.map(({ partNumber, etag }, index) => {
    const part = storedByNumber.get(partNumber);
    if (part === undefined)
      return fail(`Part ${partNumber} was not uploaded. Upload it, then complete again.`);
    if (unquoteEtag(part.etag) !== unquoteEtag(etag))
      return fail(
        `Part ${partNumber} has the ETag ${part.etag}. Upload it again, or complete with this ETag.`,
      );
    if (index < parts.length - 1 && part.bytes < multipartLimits.minPartBytes)
      return fail(
        `Part ${partNumber} has ${part.bytes} bytes. Every part but the last needs at least ${multipartLimits.minPartBytes}.`,
      );
    return { partNumber, etag: part.etag, bytes: part.bytes };
  });
  const bytes = checked.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes > multipartLimits.maxObjectBytes)
    return fail(`The parts have ${bytes} bytes; an object has at most ${multipartLimits.maxObjectBytes}.`);
  return checked;
};

/** Copies a file into another at an offset. */
export const copyInto = async (target: FileHandle, path: string, offset: number): Promise<void> => {
  const source = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(copyBufferBytes);
    for (let position = offset; ; ) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      for (let written = 0; written < bytesRead; )
        written += (await target.write(buffer, written, bytesRead - written, position + written))
          .bytesWritten;
      position += bytesRead;
    }
  } finally {
    await source.close();
  }
};
