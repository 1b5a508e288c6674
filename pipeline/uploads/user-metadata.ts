/** S3's limit for names and values together (Amazon S3 user guide, "User-defined object metadata"). */
export const maxMetadataBytes = 2048;

/** Prefix of the names of metadata that only the server sets. */
export const reservedMetadataPrefix = "reelway-";

/** Metadata of an upload: id of the user that the upload and its jobs belong to. */
export const ownerMetadataName = `${reservedMetadataPrefix}owner`;

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

/** Metadata that the server adds to an upload of a user; none if it belongs to nobody. */
export const buildOwnerMetadata = (ownerId: string | undefined): Readonly<Record<string, string>> =>
  ownerId === undefined ? {} : { [ownerMetadataName]: ownerId };

/** Id of the user that an upload belongs to; undefined if it belongs to nobody. */
export const getOwnerId = (metadata: Readonly<Record<string, string>>): string | undefined =>
  metadata[ownerMetadataName] || undefined;
