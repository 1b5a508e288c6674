/** One version of one uploaded object. */
export interface JobSource {
  readonly bucket: string;
  readonly key: string;
  /** Absent if the bucket is not versioned. */
  readonly versionId?: string;
  readonly etag?: string;
  readonly bytes: number;
  /**
   * Sequencer of the S3 event: hexadecimal; a greater one is later for the same key. Absent if a sweep found the
   * object.
   */
  readonly sequencer?: string;
  /** ISO 8601. Orders two versions if a sequencer is missing. */
  readonly modifiedAt?: string;
}
