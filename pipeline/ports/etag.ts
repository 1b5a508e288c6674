/** Removes the quotes of an HTTP ETag (RFC 9110, 8.8.3). S3 events and job records have ETags without quotes. */
export const unquoteEtag = (etag: string): string => etag.replaceAll('"', "");
