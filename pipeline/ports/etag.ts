/** An ETag as S3's events tell it and jobs keep it: without the quotes that HTTP puts around it (RFC 9110, 8.8.3). */
export const unquoteEtag = (etag: string): string => etag.replaceAll('"', "");
