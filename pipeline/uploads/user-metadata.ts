/** S3's limit for names and values together (Amazon S3 user guide, "User-defined object metadata"). */
export const maxMetadataBytes = 2048;

/** Metadata that Uppy adds to every file; the file name and the type say the same. */
export const clientMetadataNames: ReadonlySet<string> = new Set(["name", "type", "relativepath"]);

/** Metadata of an upload request that is the prefix of the key, not metadata of the object. */
export const prefixMetadataName = "prefix";

/** Size of names and values in bytes, as S3 counts it. */
export const countMetadataBytes = (entries: Iterable<readonly [name: string, value: string]>): number => {
  let bytes = 0;
  for (const [name, value] of entries) bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
};
