import type { TextSigner } from "../access/text-signer.ts";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import type { DeletionPlan } from "./deletion.ts";

/** Seconds for which a confirmation is valid. */
export const confirmationSeconds = 15 * 60;

const confirmationSchema = z.object({
  videoId: z.string(),
  scope: z.enum(["upload", "version"]),
  /** Id of the caller's user; absent for an operator. */
  ownerId: z.optional(z.string()),
  /** Epoch seconds. */
  expiresAt: z.number(),
});

/** What the caller of a deletion confirms. */
export type Confirmation = z.output<typeof confirmationSchema>;

/** Creates the confirmation of a planned deletion. @param ownerId of the caller; undefined for an operator */
export const createConfirmation = (
  videoId: string,
  scope: DeletionPlan["scope"],
  ownerId: string | undefined,
  now: Date,
): Confirmation => ({
  videoId,
  scope,
  ...(ownerId === undefined ? {} : { ownerId }),
  expiresAt: Math.floor(now.getTime() / 1000) + confirmationSeconds,
});

/** Encodes a confirmation as a token: `CONFIRMATION.SIGNATURE`, both in base64url. */
export const signConfirmation = async (signer: TextSigner, confirmation: Confirmation): Promise<string> => {
  const payload = Buffer.from(JSON.stringify(confirmation)).toString("base64url");
  return `${payload}.${await signer.sign(payload)}`;
};

/** Decodes a token; undefined if it is altered, expired or another caller's. */
export const readConfirmation = async (
  signer: TextSigner,
  token: string,
  ownerId: string | undefined,
  now: Date,
): Promise<Confirmation | undefined> => {
  const [payload = "", signature = "", ...others] = token.split(".");
  if (others.length > 0 || !(await signer.verify(payload, signature))) return undefined;
  const parsed = z.safeParse(confirmationSchema, parseJson(Buffer.from(payload, "base64url").toString()));
  if (!parsed.success || parsed.data.ownerId !== ownerId) return undefined;
  return parsed.data.expiresAt * 1000 > now.getTime() ? parsed.data : undefined;
};
