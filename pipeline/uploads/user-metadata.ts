/** S3's limit for names and values together (Amazon S3 user guide, "User-defined object metadata"). */
export const maxMetadataBytes = 2048;

/** Size of names and values in bytes, as S3 counts it. */
export const countMetadataBytes = (entries: Iterable<readonly [name: string, value: string]>): number => {
  let bytes = 0;
  for (const [name, value] of entries) bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
};
