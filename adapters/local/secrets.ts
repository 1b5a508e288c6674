import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import * as z from "zod";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { Secrets, TranscoderKey } from "../../pipeline/ports/services.ts";

const key = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  scope: z.enum(["full", "read"]).default("full"),
});

const generate = (): string =>
  JSON.stringify(
    {
      accessKeyId: `RWLOCAL${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64"),
    },
    null,
    2,
  );

/** Has no `cause`: a parser's own error quotes what it reads. */
const readKey = (path: string, text: string): TranscoderKey => {
  try {
    return key.parse(JSON.parse(text));
  } catch {
    throw new StoreFailure(
      "invalid",
      `${path} does not hold {"accessKeyId":"…","secretAccessKey":"…"}. Remove it: the next start makes another.`,
    );
  }
};

/** The transcoder's key in a file of mode 0600, made when it is missing. */
export const createFileSecrets = async (path: string): Promise<Secrets> => {
  try {
    await writeFile(path, `${generate()}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    await chmod(path, 0o600);
  }
  return {
    async transcoderKeys() {
      return [readKey(path, await readFile(path, "utf8"))];
    },
  };
};
