import { access, constants, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { UsageError } from "../pipeline/errors/errors.ts";
import { maxKeyBytes } from "../pipeline/routing/plan-outputs.ts";
import { countMetadataBytes, maxMetadataBytes } from "../pipeline/uploads/user-metadata.ts";
import type { UploadFile } from "../runtime/client.ts";

/** Parses a TCP port; 0 means any free port. */
export const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535; 0 picks a free port.");
  return port;
};

/** Collects origins as browsers send them: scheme, host, and the port unless it is the scheme's default. */
export const collectOrigins = (text: string, previous: readonly string[]): readonly string[] => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || text.includes("*"))
    throw new InvalidArgumentError(
      "An origin is http://HOST[:PORT] or https://HOST[:PORT]; * and null are not allowed.",
    );
  if (url.origin !== text)
    throw new InvalidArgumentError(`An origin has no path and no default port. Use ${url.origin}`);
  return [...previous, text];
};

/** Parses a folder's name; it must not be empty. */
export const parseFolder = (text: string): string => {
  if (text === "") throw new InvalidArgumentError("The folder name is empty.");
  return text;
};

/** Parses a key prefix: no leading slash, one trailing slash. */
export const parsePrefix = (text: string): string => {
  if (text.startsWith("/")) throw new InvalidArgumentError("A prefix must not begin with a slash.");
  return text === "" || text.endsWith("/") ? text : `${text}/`;
};

/** Parses a job id or a prefix of one (base32, see pipeline/jobs/job-id.ts). */
export const parseJobId = (text: string): string => {
  if (!/^[a-z2-7]{4,52}$/.test(text))
    throw new InvalidArgumentError(
      "A job id or its prefix has 4 to 52 characters from a–z and 2–7. To list job ids: npx reelway jobs",
    );
  return text;
};

/** Collects `NAME=VALUE` metadata, up to S3's limit in bytes. */
export const collectMetadata = (
  text: string,
  previous: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, name, value] = /^([A-Za-z0-9-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Metadata is NAME=VALUE; NAME has letters, digits and hyphens only.");
  const metadata = { ...previous, [name.toLowerCase()]: value };
  if (countMetadataBytes(Object.entries(metadata)) > maxMetadataBytes)
    throw new InvalidArgumentError(`Metadata is limited to ${maxMetadataBytes} bytes in total, as in S3.`);
  return metadata;
};

const resolveUploadFile = async (name: string, prefix: string): Promise<UploadFile> => {
  const path = resolve(name);
  const stats = await stat(path).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") throw new UsageError(`File ${name} does not exist.`);
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  if (stats.isDirectory()) throw new UsageError(`${name} is a folder. Pass the files in it.`);
  if (!stats.isFile()) throw new UsageError(`${name} is not a file.`);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  const key = `${prefix}${basename(path)}`;
  if (Buffer.byteLength(key) > maxKeyBytes)
    throw new UsageError(
      `The key of ${name}, prefix included, is longer than ${maxKeyBytes} bytes, the maximum.`,
    );
  return { path, key, bytes: stats.size };
};

/**
 * Checks the files to upload before the first one is sent. Key = prefix + file name.
 *
 * @throws UsageError for a file that cannot be read, has no valid key, or gets the same key as another
 */
export const resolveUploadFiles = async (
  names: readonly string[],
  prefix: string,
): Promise<readonly UploadFile[]> => {
  const files = await Promise.all(names.map((name) => resolveUploadFile(name, prefix)));
  const filesByKey = new Map<string, UploadFile>();
  for (const file of files) {
    const other = filesByKey.get(file.key);
    if (other !== undefined && other.path !== file.path)
      throw new UsageError(
        `${other.path} and ${file.path} have the same key, ${file.key}. Upload them with different prefixes.`,
      );
    filesByKey.set(file.key, file);
  }
  return [...filesByKey.values()];
};
