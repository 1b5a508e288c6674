export interface TranscoderKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly scope: "full" | "read";
}
/** The transcoder API's keys; at most two are valid per scope. */
export interface Secrets {
  /**
   * Rejects with `StoreFailure`, of kind `invalid` if the secret does not match its schema. No error contains its
   * value.
   */
  readTranscoderKeys(options?: {
    /** Bypass the cache, because a caller used an unknown key: the keys may have been rotated. */
    readonly forceRefresh?: boolean;
  }): Promise<readonly TranscoderKey[]>;
}
