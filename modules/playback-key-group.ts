import { Construct } from "constructs";
import { CloudfrontKeyGroup } from "#aws/cloudfront-key-group";
import { CloudfrontPublicKey } from "#aws/cloudfront-public-key";
import { buildResourceName } from "./names.ts";
import type { PlaybackPublicKey } from "./playback-keys.ts";
import { StageStack } from "./stack.ts";

/** Properties of `PlaybackKeyGroup`. */
export interface PlaybackKeyGroupProps {
  /** Keys whose signatures CloudFront accepts: one, or two during a rotation. */
  readonly keys: readonly PlaybackPublicKey[];
}

/** Characters of a fingerprint in the name of its key. */
const shortLength = 16;

/** The key group that verifies signed URLs and cookies of outputs. */
export class PlaybackKeyGroup extends Construct {
  readonly id: string;
  /** CloudFront's key id by fingerprint. */
  readonly keyIds: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { keys }: PlaybackKeyGroupProps) {
    super(scope, id);
    const { deployment } = StageStack.of(this);
    const publicKeys = keys.map(({ fingerprint, pem }) => {
      const shortFingerprint = fingerprint.slice(0, shortLength);
      const key = new CloudfrontPublicKey(this, shortFingerprint, {
        name: buildResourceName(deployment, `playback-${shortFingerprint}`),
        encodedKey: pem,
        // CloudFront does not delete a key that a group contains: the group is updated before a removed key is deleted.
        lifecycle: { createBeforeDestroy: true },
      });
      return [fingerprint, key.id] as const;
    });
    this.keyIds = Object.fromEntries(publicKeys);
    this.id = new CloudfrontKeyGroup(this, "group", {
      name: buildResourceName(deployment, "playback"),
      items: publicKeys.map(([, keyId]) => keyId),
    }).id;
  }
}
