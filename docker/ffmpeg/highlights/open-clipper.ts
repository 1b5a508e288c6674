import type { WorkerClipperOptions } from "../../../adapters/aws/worker-clipper.ts";
import type { ChannelSettings } from "../../../pipeline/configuration/channels-schema.ts";
import type { Clipper } from "../../../pipeline/highlights/clipper.ts";

/** Options of `openClipper`. */
export interface OpenClipperOptions {
  readonly region: string;
  /** Prefix of the stage's names, e.g. `reelway-prod`. */
  readonly stage: string;
  /** Whether loopback addresses are allowed: on one machine only. */
  readonly allowLoopback: boolean;
  /** What the worker's clipper needs. */
  readonly worker: WorkerClipperOptions;
}

/** Opens the clipper of a channel. Loads only the modules that it needs. */
export const openClipper = async (
  { clipper }: Pick<ChannelSettings, "clipper">,
  { region, stage, allowLoopback, worker }: OpenClipperOptions,
): Promise<Clipper> => {
  if (clipper === "worker") {
    const { createWorkerClipper } = await import("../../../adapters/aws/worker-clipper.ts");
    return createWorkerClipper(worker);
  }
  const { secret, ...settings } = clipper.elementalDelta;
  const [
    { GetSecretValueCommand, SecretsManagerClient },
    { createElementalDeltaClipper },
    { isLoopbackAddress, isPublicAddress },
    { toStoreFailure },
    { StoreFailure },
  ] = await Promise.all([
    import("@aws-sdk/client-secrets-manager"),
    import("../../../adapters/aws/elemental-delta-clipper.ts"),
    import("../../../adapters/aws/public-address.ts"),
    import("../../../adapters/aws/store-failure.ts"),
    import("../../../pipeline/ports/store-failure.ts"),
  ]);
  const client = new SecretsManagerClient({ region });
  return createElementalDeltaClipper({
    settings,
    labelPrefix: stage,
    async readKey(signal) {
      const { SecretString: key = "" } = await client
        .send(
          new GetSecretValueCommand({ SecretId: secret }),
          signal === undefined ? {} : { abortSignal: signal },
        )
        .catch((cause: unknown) => {
          signal?.throwIfAborted();
          throw toStoreFailure(`Reading secret ${secret} with the key of AWS Elemental Delta failed`, cause);
        });
      if (key.trim() === "")
        throw new StoreFailure("invalid", `Secret ${secret} has no text. Store the key of the user.`);
      return key.trim();
    },
    isAllowedAddress: (address) => isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address)),
    clock: worker.ports.clock,
  });
};
