import { access, constants, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { getSystemErrorCode } from "../adapters/local/system-error.ts";
import { UsageError } from "../pipeline/errors/errors.ts";
import { maxKeyBytes } from "../pipeline/routing/plan-outputs.ts";
import { countMetadataBytes, maxMetadataBytes } from "../pipeline/uploads/user-metadata.ts";
import type { UploadFile } from "../runtime/client.ts";

/** Reads a port. */
export const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 (any free one) to 65535.");
  return port;
};

/** Collects origins of web pages, as browsers send them: scheme, host, and port unless it is the scheme's own. */
export const collectOrigins = (text: string, previous: readonly string[]): readonly string[] => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || text.includes("*"))
    throw new InvalidArgumentError(
      "An origin is http://HOST[:PORT] or https://HOST[:PORT]; * and null are not.",
    );
  if (url.origin !== text)
    throw new InvalidArgumentError(`An origin is sent without path and default port: ${url.origin}`);
  return [...previous, text];
};

/** Reads the name of a folder. */
export const parseFolder = (text: string): string => {
  if (text === "") throw new InvalidArgumentError("Name a folder.");
  return text;
};

/** Reads a key prefix: without a leading slash, ending in one. */
export const parsePrefix = (text: string): string => {
  if (text.startsWith("/")) throw new InvalidArgumentError("A prefix does not begin with a slash.");
  return text === "" || text.endsWith("/") ? text : `${text}/`;
};

/** Reads a job's id, or the beginning of one (pipeline/jobs/job-id.ts: base32). */
export const parseJobId = (text: string): string => {
  if (!/^[a-z2-7]{4,52}$/.test(text))
    throw new InvalidArgumentError(
      "An id, or its first characters, is 4 to 52 of a–z and 2–7. List them: npx reelway jobs",
    );
  return text;
};

/** Collects `NAME=VALUE`. */
export const collectMetadata = (
  text: string,
  previous: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, name, value] = /^([A-Za-z0-9-]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("Metadata is NAME=VALUE, the name of letters, digits and hyphens.");
  const metadata = { ...previous, [name.toLowerCase()]: value };
  if (countMetadataBytes(Object.entries(metadata)) > maxMetadataBytes)
    throw new InvalidArgumentError(`Metadata has at most ${maxMetadataBytes} bytes in all, as in S3.`);
  return metadata;
};

const resolveUploadFile = async (name: string, prefix: string): Promise<UploadFile> => {
  const path = resolve(name);
  const stats = await stat(path).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") throw new UsageError(`There is no file ${name}.`);
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  if (stats.isDirectory()) throw new UsageError(`${name} is a folder; name the files in it.`);
  if (!stats.isFile()) throw new UsageError(`${name} is not a file.`);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new UsageError(`${name} cannot be read: ${getSystemErrorCode(cause) ?? String(cause)}.`);
  });
  const key = `${prefix}${basename(path)}`;
  if (Buffer.byteLength(key) > maxKeyBytes)
    throw new UsageError(`${name} with its prefix has more than ${maxKeyBytes} bytes, the longest key.`);
  return { path, key, bytes: stats.size };
};

/**
 * Checks the files a person named, all before anything is done: key = prefix + file name.
 *
 * @throws UsageError for what is no readable file, has no valid key, or would overwrite another of the same command
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
        `${other.path} and ${file.path} would both become ${file.key}; upload them one by one.`,
      );
    filesByKey.set(file.key, file);
  }
  return [...filesByKey.values()];
};
