import type { TextSigner } from "./text-signer.ts";

/** A video that everybody may play who has the link, until a time. */
export interface Share {
  /** Id of the job. */
  readonly videoId: string;
  readonly expiresAt: Date;
}

/** Creates the token of a share: `VIDEO.EXPIRES.SIGNATURE`, with the expiry in epoch seconds and base 36. */
export const createShareToken = async (
  signer: TextSigner,
  { videoId, expiresAt }: Share,
): Promise<string> => {
  const payload = `${videoId}.${Math.floor(expiresAt.getTime() / 1000).toString(36)}`;
  return `${payload}.${await signer.sign(payload)}`;
};

/** Parses the token of a share, expired or not; undefined if it was not signed by the signer. */
export const parseShareToken = async (signer: TextSigner, token: string): Promise<Share | undefined> => {
  const [, payload = "", videoId = "", expires = "", signature = ""] =
    /^((\w+)\.([0-9a-z]{1,8}))\.([\w-]{43})$/.exec(token) ?? [];
  if (payload === "" || !(await signer.verify(payload, signature))) return undefined;
  return { videoId, expiresAt: new Date(Number.parseInt(expires, 36) * 1000) };
};
