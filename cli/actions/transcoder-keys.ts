import { createFileSecrets, rotateFileSecrets } from "../../adapters/local/secrets.ts";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";

/** Options of `reelway transcoder keys`. */
export interface KeysOptions {
  readonly data: string;
  readonly rotate?: "full" | "read";
}

/** Prints the transcoder's keys, after a rotation if requested. */
export const listKeys = async ({ data, rotate }: KeysOptions): Promise<void> => {
  const { transcoderKeys: path, root } = resolveDataFolder(data);
  try {
    if (rotate !== undefined) await rotateFileSecrets(path, rotate);
    const currentKeys = await (await createFileSecrets(path)).readTranscoderKeys();
    process.stdout.write(
      `${currentKeys.map(({ accessKeyId, scope }) => `${accessKeyId}  ${scope}\n`).join("")}`,
    );
    process.stderr.write(`The secret keys are in ${path}\n`);
  } catch (cause) {
    const isMissing = cause instanceof StoreFailure && cause.kind === "missing";
    if (getSystemErrorCode(cause) !== "ENOENT" && !isMissing) throw cause;
    throw new CommandError(
      `The data folder ${root} contains no transcoder keys. The first start creates them: npm start`,
      {
        cause,
      },
    );
  }
};
