/** One version of one uploaded object. */
export interface JobSource {
  readonly bucket: string;
  readonly key: string;
  /** Absent where the bucket is not versioned. */
  readonly versionId?: string;
  readonly etag?: string;
  readonly bytes: number;
  /** S3's event sequencer: hexadecimal, greater means later for one key. Absent when a sweep found the object. */
  readonly sequencer?: string;
  /** ISO 8601. Orders two versions where a sequencer is missing. */
  readonly modifiedAt?: string;
}
