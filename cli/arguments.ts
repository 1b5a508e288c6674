import { InvalidArgumentError } from "commander";
import { parseIssuer } from "../pipeline/access/issuer.ts";
import {
  clientMetadataNames,
  countMetadataBytes,
  maxMetadataBytes,
  prefixMetadataName,
} from "../pipeline/uploads/user-metadata.ts";

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

/** Parses the issuer of an OpenID Connect provider. */
export const parseIssuerUrl = (text: string): string => {
  if (parseIssuer(text) === undefined)
    throw new InvalidArgumentError(
      "An issuer is an https URL without a query, or an http URL on loopback, e.g. https://accounts.google.com",
    );
  return text;
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
  const reservedNames = [prefixMetadataName, ...clientMetadataNames];
  if (reservedNames.includes(name.toLowerCase()))
    throw new InvalidArgumentError(
      `The metadata names ${reservedNames.join(", ")} are reserved for the upload itself. To set the prefix of the keys, use --prefix.`,
    );
  const metadata = { ...previous, [name.toLowerCase()]: value };
  if (countMetadataBytes(Object.entries(metadata)) > maxMetadataBytes)
    throw new InvalidArgumentError(`Metadata is limited to ${maxMetadataBytes} bytes in total, as in S3.`);
  return metadata;
};

/** Collects the values of a repeatable option. */
export const collectTexts = (text: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  text,
];

/** Returns a parser of numbers within two bounds, both included. */
export const parseNumberBetween =
  (min: number, max: number, isInteger = false) =>
  (text: string): number => {
    const value = Number(text);
    const isValid = text.trim() !== "" && value >= min && value <= max;
    if (!isValid || (isInteger && !Number.isInteger(value)))
      throw new InvalidArgumentError(`It is ${isInteger ? "an integer" : "a number"} from ${min} to ${max}.`);
    return value;
  };

/** Parses a number above 0. */
export const parsePositiveNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("It is a number above 0.");
  return value;
};

/** Parses an integer. */
export const parseInteger = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is an integer.");
  return Number(text);
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Parses a time: an age before now, e.g. 90m, or a date or time in ISO 8601. Returns ISO 8601 in UTC. */
export const parseTimeOrAge = (text: string): string => {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined)
    return new Date(Date.now() - 1000 * Number(amount) * (unitSeconds[unit] ?? 1)).toISOString();
  // A time without a zone would depend on the machine.
  if (
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
    return new Date(text).toISOString();
  throw new InvalidArgumentError(
    "It is an age (30s, 90m, 12h, 3d), a date (2026-11-30, UTC) or a time with a zone (2026-11-30T08:00Z).",
  );
};
