import { formatBytes } from "../components/format.ts";
import { getExtension, matchKey, type RouteList } from "./destinations.ts";

/** A file that the user has chosen or dropped. */
export interface ChosenFile {
  readonly name: string;
  /** Folders below the destination; empty, or ends in `/`. */
  readonly folder: string;
  readonly bytes: number;
}

/** Whether a file can be uploaded. */
export type FileCheck =
  | { readonly kind: "accepted"; readonly prefix: string; readonly hasJob: boolean }
  /** A hidden file, or one that an operating system creates. */
  | { readonly kind: "skipped" }
  | { readonly kind: "refused"; readonly reason: string };

const systemNames = new Set(["thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "$recycle.bin"]);

/** Whether a file or one of its folders is hidden, or belongs to an operating system. */
const isHidden = ({ folder, name }: ChosenFile): boolean =>
  `${folder}${name}`
    .split("/")
    .some((segment) => segment.startsWith(".") || systemNames.has(segment.toLowerCase()));

const nameDestination = (prefix: string): string => (prefix === "" ? "This destination" : prefix);

/** Checks a file before it is sent. @param prefix of the destination */
export const checkFile = (routes: RouteList, prefix: string, file: ChosenFile): FileCheck => {
  if (isHidden(file)) return { kind: "skipped" };
  const keyPrefix = `${prefix}${file.folder}`;
  const match = matchKey(routes, `${keyPrefix}${file.name}`);
  if (match.kind === "unrouted") {
    const extension = getExtension(file.name);
    const types = match.extensions.join(", ");
    return {
      kind: "refused",
      reason: `${nameDestination(match.prefix)} does not accept ${extension === "" ? "files without an extension" : `.${extension} files`}. Accepted types: ${types}.`,
    };
  }
  if (file.bytes === 0) return { kind: "refused", reason: "The file is empty. Check the original." };
  if (file.bytes > routes.maxSourceBytes)
    return {
      kind: "refused",
      reason: `The file has ${formatBytes(file.bytes)}; the limit is ${formatBytes(routes.maxSourceBytes)}. Compress or split it.`,
    };
  return { kind: "accepted", prefix: keyPrefix, hasJob: match.kind === "route" };
};

/** The files of a selection: which are uploaded, and which not. */
export interface CheckedFiles<Selected extends ChosenFile> {
  readonly acceptedFiles: readonly {
    readonly file: Selected;
    /** Beginning of the key, folders included. */
    readonly prefix: string;
    readonly key: string;
    readonly hasJob: boolean;
  }[];
  readonly refusedFiles: readonly { readonly name: string; readonly reason: string }[];
  /** Names of hidden and system files. */
  readonly skippedNames: readonly string[];
}

/** Checks the files of a selection. @param usedKeys keys of the files that are being sent */
export const checkFiles = <Selected extends ChosenFile>(
  routes: RouteList,
  prefix: string,
  files: readonly Selected[],
  usedKeys: Iterable<string>,
): CheckedFiles<Selected> => {
  const keys = new Set(usedKeys);
  const acceptedFiles: CheckedFiles<Selected>["acceptedFiles"][number][] = [];
  const refusedFiles: { name: string; reason: string }[] = [];
  const skippedNames: string[] = [];
  for (const file of files) {
    const name = `${file.folder}${file.name}`;
    const check = checkFile(routes, prefix, file);
    if (check.kind === "skipped") skippedNames.push(name);
    else if (check.kind === "refused") refusedFiles.push({ name, reason: check.reason });
    else {
      const key = `${check.prefix}${file.name}`;
      if (keys.has(key))
        refusedFiles.push({
          name,
          reason: "A file with this name is being sent. Wait until it is complete, or cancel it.",
        });
      else acceptedFiles.push({ file, prefix: check.prefix, key, hasJob: check.hasJob });
      keys.add(key);
    }
  }
  return { acceptedFiles, refusedFiles, skippedNames };
};

/** Identity of a file on the user's disk. */
export interface FileIdentity {
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** Says why a file is not the one that an upload was started with; undefined if it is. */
export const describeMismatch = (upload: FileIdentity, file: FileIdentity): string | undefined => {
  if (file.name !== upload.name)
    return `This is another file: its name is \u2068${file.name}\u2069. Choose \u2068${upload.name}\u2069.`;
  if (file.bytes !== upload.bytes)
    return `This is not the same file: it has ${formatBytes(file.bytes)} (${file.bytes} bytes), the upload has ${formatBytes(upload.bytes)} (${upload.bytes} bytes). Choose the original, or cancel this upload and add the file anew.`;
  if (file.lastModified !== upload.lastModified)
    return "The file was changed after the upload started. Choose the original, or cancel this upload and add the file anew.";
  return undefined;
};
