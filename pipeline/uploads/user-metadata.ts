/** Bytes of names and values together that S3 keeps (Amazon S3 user guide, "User-defined object metadata"). */
export const maxMetadataBytes = 2048;

/** Bytes of the names and the values. */
export const countMetadataBytes = (entries: Iterable<readonly [name: string, value: string]>): number => {
  let bytes = 0;
  for (const [name, value] of entries) bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
};
