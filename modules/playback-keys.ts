/** A public key that CloudFront verifies the signatures of playback URLs and cookies with. */
export interface PlaybackPublicKey {
  /** SHA-256 of the key's DER encoding (SubjectPublicKeyInfo), hexadecimal. */
  readonly fingerprint: string;
  /** RSA 2048, in PEM. */
  readonly pem: string;
}

/** The public keys of each stage in `playback-keys.json`, newest first; at most two per stage. */
export type PlaybackPublicKeys = Readonly<Record<string, readonly PlaybackPublicKey[]>>;

/**
 * Terraform's variable for the PEM of a public key, which the stack `site` requires while the stage has no recorded key,
 * so that it cannot be applied without one.
 */
export const playbackKeyVariable = "playback_public_key";
