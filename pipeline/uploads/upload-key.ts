import { maxKeyBytes } from "../routing/plan-outputs.ts";
import {
  clientMetadataNames,
  countMetadataBytes,
  maxMetadataBytes,
  prefixMetadataName,
} from "./user-metadata.ts";

/** One fault of an upload request. */
export interface UploadFault {
  readonly parameter: string;
  readonly detail: string;
}

/** Text that Amazon S3 replaces in the key of a form (S3 API reference, "POST Object", key). */
const replacedText = `$${"{filename}"}`;

/** Metadata names that S3 accepts in headers. */
const metadataNamePattern = /^[A-Za-z0-9_-]+$/;

/** Lists what is wrong with the key `prefix + filename`; empty if it is valid. */
const listKeyFaults = (filename: string, prefix: string): readonly UploadFault[] => {
  const fault = (parameter: string, detail: string): UploadFault => ({ parameter, detail });
  const key = `${prefix}${filename}`;
  return [
    ...(filename === "" ? [fault("filename", "The name is empty.")] : []),
    ...(filename.endsWith("/")
      ? [fault("filename", "The name ends in / and names a folder, not a file.")]
      : []),
    ...Object.entries({ filename, "metadata.prefix": prefix }).flatMap(([parameter, text]) => [
      ...(/[\p{Cc}\p{Cs}]/u.test(text)
        ? [fault(parameter, "It has a control character or an unpaired surrogate.")]
        : []),
      ...(text.split("/").includes("..") ? [fault(parameter, "It has the path segment `..`.")] : []),
    ]),
    ...(key.includes(replacedText) ? [fault("filename", `The key has the text ${replacedText}.`)] : []),
    ...(Buffer.byteLength(key) > maxKeyBytes
      ? [fault("filename", `The key, prefix included, is longer than ${maxKeyBytes} bytes.`)]
      : []),
  ];
};

const listMetadataFaults = (entries: readonly (readonly [string, string])[]): readonly UploadFault[] => [
  ...entries
    .filter(([name]) => !metadataNamePattern.test(name))
    .map(([name]) => ({
      parameter: `metadata.${name}`,
      detail: "A metadata name has letters, digits, - and _ only.",
    })),
  ...entries
    .filter(([, value]) => /[\p{Cc}\p{Cs}]/u.test(value))
    .map(([name]) => ({ parameter: `metadata.${name}`, detail: "The value has a control character." })),
  ...(countMetadataBytes(entries) > maxMetadataBytes
    ? [{ parameter: "metadata", detail: `Names and values exceed ${maxMetadataBytes} bytes in total.` }]
    : []),
];

/**
 * Chooses the key of an upload: metadata `prefix` + file name. The other metadata becomes the object's user metadata.
 *
 * @returns the key and the metadata, or every fault
 */
export const planUpload = (
  filename: string,
  metadata: Readonly<Record<string, string>>,
):
  | { readonly key: string; readonly metadata: Readonly<Record<string, string>> }
  | { readonly faults: readonly UploadFault[] } => {
  const prefix = metadata[prefixMetadataName] ?? "";
  const entries = Object.entries(metadata)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name !== prefixMetadataName && !clientMetadataNames.has(name));
  const faults = [...listKeyFaults(filename, prefix), ...listMetadataFaults(entries)];
  return faults.length === 0
    ? { key: `${prefix}${filename}`, metadata: Object.fromEntries(entries) }
    : { faults };
};
