import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import * as z from "../../pipeline/schema/z.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";
import { toStoreFailure } from "./store-failure.ts";

const siteSchema = z.object({
  /** Domain name of the distribution, which serves page, API and outputs. */
  domainName: z.string().check(z.regex(/^[a-z0-9.-]+$/)),
  /** Ids of the key group's public keys by fingerprint. */
  keyIds: z.record(z.string(), z.string()),
  originVerifySecretArn: z.optional(z.string()),
});
/** What the stack `site` publishes about itself. */
export type Site = z.output<typeof siteSchema>;

/** Access to AWS Systems Manager. */
export interface SiteParameterOptions {
  /** Name of the parameter. */
  readonly name: string;
  readonly region: string;
  /** E.g. `client.config.credentials` of an SDK client. */
  readonly credentials: ConstructorParameters<typeof SignatureV4>[0]["credentials"];
  /** @default the region's endpoint */
  readonly endpoint?: string;
}

const responseSchema = z.object({
  Parameter: z.optional(z.object({ Value: z.string() })),
  __type: z.optional(z.string()),
  message: z.optional(z.string()),
});

const requestTimeoutMs = 10_000;

/** Calls GetParameter of Systems Manager, without its SDK client, of which nothing else is used. */
const getParameter = async (
  { name, region, credentials, endpoint = `https://ssm.${region}.amazonaws.com` }: SiteParameterOptions,
  context: string,
) => {
  const { protocol, hostname, host, port } = new URL(endpoint);
  const signer = new SignatureV4({
    service: "ssm",
    region,
    credentials,
    sha256: Hash.bind(null, "sha256"),
  });
  const { method, headers, body } = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    path: "/",
    query: {},
    headers: {
      host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonSSM.GetParameter",
    },
    body: JSON.stringify({ Name: name }),
  });
  const request = { method, headers, body, signal: AbortSignal.timeout(requestTimeoutMs) };
  const [status, text] = await fetch(endpoint, request)
    .then(async (response) => [response.status, await response.text()] as const)
    .catch((cause: unknown) => {
      throw new StoreFailure("transient", `${context}: the connection to ${endpoint} failed.`, cause);
    });
  const document = z.safeParse(responseSchema, parseJson(text));
  return { status, ...(document.success ? document.data : {}) };
};

/**
 * Reads what the stack `site` publishes about itself.
 *
 * @returns undefined if the stack is not deployed
 * @throws StoreFailure
 */
export const readSite = async (options: SiteParameterOptions): Promise<Site | undefined> => {
  const context = `Reading the SSM parameter ${options.name} failed`;
  const { status, Parameter: parameter, __type: type, message } = await getParameter(options, context);
  if (type?.endsWith("ParameterNotFound")) return undefined;
  if (parameter === undefined) {
    const error = Object.assign(new Error(message ?? `Systems Manager responded with status ${status}.`), {
      name: type?.replace(/^.*#/, "") ?? "Error",
      $metadata: { httpStatusCode: status },
    });
    throw toStoreFailure(context, error);
  }
  const parsed = z.safeParse(siteSchema, parseJson(parameter.Value));
  if (parsed.success) return parsed.data;
  throw new StoreFailure(
    "invalid",
    `The SSM parameter ${options.name} is not valid. Apply the stack site again: npx reelway deploy --only site`,
  );
};
