import { GetParameterCommand, ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { type CachedRead, createCachedRead } from "./cached-read.ts";
import { toStoreFailure } from "./store-failure.ts";

const siteSchema = z.object({
  /** Domain name of the distribution, which serves page, API and outputs. */
  domainName: z.string().check(z.regex(/^[a-z0-9.-]+$/)),
  /** Ids of the key group's public keys by fingerprint. */
  keyIds: z.record(z.string(), z.string()),
  originVerifySecretArn: z.optional(z.string()),
  /** Client of the user pool for the site's domain. */
  cognitoClientId: z.optional(z.string()),
});
/** What the stack `site` publishes about itself. */
export type Site = z.output<typeof siteSchema>;

/**
 * Reads what the stack `site` publishes about itself.
 *
 * @param name name of the SSM parameter
 * @returns undefined if the stack is not deployed
 * @throws StoreFailure
 */
export const readSite = async (client: SSMClient, name: string): Promise<Site | undefined> => {
  let text: string | undefined;
  try {
    text = (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  } catch (cause) {
    if (cause instanceof ParameterNotFound) return undefined;
    throw toStoreFailure(`Reading the SSM parameter ${name} failed`, cause);
  }
  const parsed = z.safeParse(siteSchema, parseJson(text ?? ""));
  if (parsed.success) return parsed.data;
  throw new StoreFailure(
    "invalid",
    `The SSM parameter ${name} is not valid. Apply the stack site again: npx reelway deploy --only site`,
  );
};

/** Age after which a deployment of the site is noticed, milliseconds. */
const siteTtlMs = 60_000;

/** Caches what `read` returns about the deployed site. @param nowMs milliseconds since 1970 */
export const cacheSite = (
  read: () => Promise<Site | undefined>,
  nowMs: () => number = Date.now,
): CachedRead<Site | undefined> => createCachedRead(read, siteTtlMs, nowMs);
