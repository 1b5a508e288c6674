import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { readPlaybackSecret, writePlaybackSecret } from "../../adapters/aws/playback-secret.ts";
import { readSite } from "../../adapters/aws/site-parameter.ts";
import { playbackKeysPath } from "../../terraform/playback/key-record.ts";
import {
  listPlaybackKeys,
  rotatePlaybackKeys,
  type StagePlaybackKeys,
} from "../../terraform/playback/rotate-keys.ts";
import { readDeployment } from "./deployment.ts";
import { report } from "./stage.ts";
import { createStageRequest } from "./stage-request.ts";

/** Options of `reelway playback-keys`. */
export interface PlaybackKeysOptions {
  readonly stage: string;
  readonly json?: true;
}

/** Opens the keys of a stage with the credentials of the command. */
const withStageKeys = async <Result>(
  stage: string,
  use: (keys: StagePlaybackKeys) => Promise<Result>,
): Promise<Result> => {
  const { deployment, names } = await readDeployment(stage);
  const { region } = deployment;
  const client = new SecretsManagerClient({ ...commandClientOptions, region });
  const ssm = new SSMClient({ ...commandClientOptions, region });
  try {
    return await createStageRequest({ stage, region })(() =>
      use({
        stage,
        readSecret: () => readPlaybackSecret(client, names.playbackKeys),
        writeSecret: (keys) => writePlaybackSecret(client, names.playbackKeys, keys),
        readSite: () => readSite(ssm, names.siteParameter),
      }),
    );
  } finally {
    client.destroy();
    ssm.destroy();
  }
};

/** Creates a playback key and records its public key. */
export const rotateKeys = async ({ stage, json }: PlaybackKeysOptions): Promise<void> => {
  const { outcome, keys } = await withStageKeys(stage, rotatePlaybackKeys);
  const fingerprints = keys.map(({ fingerprint }) => fingerprint);
  report(
    outcome === "created"
      ? `Created a key and recorded it in ${playbackKeysPath}.`
      : `Recorded the keys of the secret in ${playbackKeysPath}; an earlier rotation was interrupted, or recorded elsewhere. No key was created.`,
  );
  report(`Commit this file and apply it: npx reelway deploy --stage ${stage} --only site`);
  process.stdout.write(
    json
      ? `${JSON.stringify({ stage, outcome, fingerprints }, null, 2)}\n`
      : fingerprints.map((fingerprint) => `${fingerprint}\n`).join(""),
  );
};

/** Prints the playback keys of a stage and where they are. */
export const listKeys = async ({ stage, json }: PlaybackKeysOptions): Promise<void> => {
  const keys = await withStageKeys(stage, listPlaybackKeys);
  if (keys.length === 0)
    report(
      `Stage ${stage} has no playback keys. To create one: npx reelway playback-keys rotate --stage ${stage}`,
    );
  process.stdout.write(
    json
      ? `${JSON.stringify({ stage, keys }, null, 2)}\n`
      : keys
          .map(({ fingerprint, isRecorded, keyPairId, isSigning }) =>
            [
              fingerprint,
              keyPairId ?? "not in CloudFront",
              ...(isRecorded ? [] : ["not recorded"]),
              ...(isSigning ? ["signs"] : []),
            ].join("  "),
          )
          .map((line) => `${line}\n`)
          .join(""),
  );
};
