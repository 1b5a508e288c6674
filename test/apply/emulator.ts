import { fileURLToPath } from "node:url";
import { type Moto, startMoto } from "../contract/moto.ts";

/** Starts moto with the patches in `emulator/`, without which the AWS provider finds false differences. */
export const startEmulator = (): Promise<Moto> =>
  startMoto({
    PYTHONPATH: fileURLToPath(new URL("emulator", import.meta.url)),
    PYTHONDONTWRITEBYTECODE: "1",
  });
