/** One version of one uploaded object, or archived segments of a channel that are read as one. */
export interface JobSource {
  readonly bucket: string;
  readonly key: string;
  /** Absent if the bucket is not versioned. */
  readonly versionId?: string;
  readonly etag?: string;
  /** Size of the media: of the object, or of all the segments in a list. */
  readonly bytes: number;
  /** Set if the object is a list of archived segments (pipeline/highlights/segment-list.ts), which are the source. */
  readonly segmentList?: {
    /** Size of the list itself. */
    readonly bytes: number;
  };
  /**
   * Sequencer of the S3 event: hexadecimal; a greater one is later for the same key. Absent if a sweep found the
   * object.
   */
  readonly sequencer?: string;
  /** ISO 8601. Orders two versions if a sequencer is missing. */
  readonly modifiedAt?: string;
}
