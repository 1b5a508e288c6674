import { maxKeyBytes } from "../routing/plan-outputs.ts";
import {
  buildOwnerMetadata,
  clientMetadataNames,
  countMetadataBytes,
  maxMetadataBytes,
  prefixMetadataName,
  reservedMetadataPrefix,
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

/** Who uploads. */
export interface Uploader {
  readonly ownerId?: string;
  readonly isOperator: boolean;
}

/**
 * Computes the key of an upload. The uploads of a user who is no operator are in a folder of their own, so that no
 * user can replace the uploads, and with them the outputs, of another.
 */
const computeKey = (filename: string, prefix: string, { ownerId, isOperator }: Uploader): string => {
  const key = `${prefix}${filename}`;
  const nameStart = key.lastIndexOf("/") + 1;
  return isOperator || ownerId === undefined
    ? key
    : `${key.slice(0, nameStart)}${ownerId}/${key.slice(nameStart)}`;
};

/** Lists what is wrong with the parts of a key: `filename` or `metadata.prefix`; empty if it is valid. */
export const listKeyFaults = (filename: string, prefix: string, key: string): readonly UploadFault[] => {
  const fault = (parameter: string, detail: string): UploadFault => ({ parameter, detail });
  return [
    ...(filename === "" ? [fault("filename", "The name is empty.")] : []),
    ...(filename.endsWith("/")
      ? [fault("filename", "The name ends in / and names a folder, not a file.")]
      : []),
    ...Object.entries({ filename, "metadata.prefix": prefix }).flatMap(([parameter, text]) => [
      ...(/[\p{Cc}\p{Cs}]/u.test(text)
        ? [fault(parameter, "It has a control character or an unpaired surrogate.")]
        : []),
      ...[".", ".."]
        .filter((segment) => text.split("/").includes(segment))
        .map((segment) => fault(parameter, `It has the path segment \`${segment}\`.`)),
    ]),
    ...(key.includes(replacedText) ? [fault("filename", `The key has the text ${replacedText}.`)] : []),
    ...(Buffer.byteLength(key) > maxKeyBytes
      ? [fault("filename", `The key, prefix included, is longer than ${maxKeyBytes} bytes.`)]
      : []),
  ];
};

const listMetadataFaults = (
  entries: readonly (readonly [string, string])[],
  serverBytes: number,
): readonly UploadFault[] => [
  ...entries
    .filter(([name]) => !metadataNamePattern.test(name))
    .map(([name]) => ({
      parameter: `metadata.${name}`,
      detail: "A metadata name has letters, digits, - and _ only.",
    })),
  ...entries
    .filter(([, value]) => /[\p{Cc}\p{Cs}]/u.test(value))
    .map(([name]) => ({ parameter: `metadata.${name}`, detail: "The value has a control character." })),
  ...entries
    .filter(([name]) => name.startsWith(reservedMetadataPrefix))
    .map(([name]) => ({
      parameter: `metadata.${name}`,
      detail: `Names that begin with ${reservedMetadataPrefix} are reserved.`,
    })),
  ...(countMetadataBytes(entries) > maxMetadataBytes - serverBytes
    ? [
        {
          parameter: "metadata",
          detail: `Names and values exceed ${maxMetadataBytes - serverBytes} bytes in total.`,
        },
      ]
    : []),
];

/**
 * Chooses the key of an upload: metadata `prefix` + file name, in the uploader's own folder unless it is an operator.
 * The other metadata becomes the object's user metadata, with the owner's id.
 *
 * @returns the key and the metadata, or every fault
 */
export const planUpload = (
  filename: string,
  metadata: Readonly<Record<string, string>>,
  uploader: Uploader,
):
  | { readonly key: string; readonly metadata: Readonly<Record<string, string>> }
  | { readonly faults: readonly UploadFault[] } => {
  const prefix = metadata[prefixMetadataName] ?? "";
  const entries = Object.entries(metadata)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name !== prefixMetadataName && !clientMetadataNames.has(name));
  const key = computeKey(filename, prefix, uploader);
  const ownerMetadata = buildOwnerMetadata(uploader.ownerId);
  const faults = [
    ...listKeyFaults(filename, prefix, key),
    ...listMetadataFaults(entries, countMetadataBytes(Object.entries(ownerMetadata))),
  ];
  return faults.length === 0
    ? { key, metadata: { ...Object.fromEntries(entries), ...ownerMetadata } }
    : { faults };
};
