export interface TranscoderKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly scope: "full" | "read";
}
/** The transcoder's keys; at most two valid of each scope. */
export interface Secrets {
  /** Rejects with `StoreFailure`, of kind `invalid` where the secret has another form; no error says what it holds. */
  readTranscoderKeys(options?: {
    /** Somebody uses a key that was not among them: a rotation may have come since they were read. */
    readonly forceRefresh?: boolean;
  }): Promise<readonly TranscoderKey[]>;
}
