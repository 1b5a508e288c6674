/** A public key that CloudFront verifies the signatures of playback URLs and cookies with. */
export interface PlaybackPublicKey {
  /** SHA-256 of the key's DER encoding (SubjectPublicKeyInfo), hexadecimal. */
  readonly fingerprint: string;
  /** RSA 2048, in PEM. */
  readonly pem: string;
}

/** The public keys of each stage in `playback-keys.json`, newest first; at most two per stage. */
export type PlaybackPublicKeys = Readonly<Record<string, readonly PlaybackPublicKey[]>>;
