import type { WorkerClipperOptions } from "../../../adapters/aws/worker-clipper.ts";
import type { ChannelSettings } from "../../../pipeline/configuration/channels-schema.ts";
import { UserError } from "../../../pipeline/errors/errors.ts";
import type { Clipper } from "../../../pipeline/highlights/clipper.ts";

/** Options of `openClipper`. */
export interface OpenClipperOptions {
  readonly region: string;
  /** Whether loopback addresses are allowed: on one machine only. */
  readonly allowLoopback: boolean;
  /** What the worker's clipper needs. */
  readonly worker: WorkerClipperOptions;
}

/** Opens the clipper of a channel. Loads only the modules that it needs. */
export const openClipper = async (
  { clipper }: Pick<ChannelSettings, "clipper">,
  { region, allowLoopback, worker }: OpenClipperOptions,
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
  ] = await Promise.all([
    import("@aws-sdk/client-secrets-manager"),
    import("../../../adapters/aws/elemental-delta-clipper.ts"),
    import("../../../adapters/aws/public-address.ts"),
  ]);
  const client = new SecretsManagerClient({ region });
  return createElementalDeltaClipper({
    settings,
    async readKey() {
      const { SecretString: key = "" } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
      if (key.trim() === "") throw new UserError(`Secret ${secret} has no text. Store the key of the user.`);
      return key.trim();
    },
    isAllowedAddress: (address) => isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address)),
    clock: worker.ports.clock,
  });
};
