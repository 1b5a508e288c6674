import { readSite } from "../../adapters/aws/site-parameter.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import type { DeployedStage } from "./stage.ts";

/** What the check of the site uses. */
export interface SiteCheckOptions {
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
  /** @default the global one */
  readonly fetch?: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;
}

const timeoutMs = 20_000;

/** Key of no output: CloudFront checks the signature before it looks for the object. */
const unsignedPath = "/output/smoke-test";

/**
 * Checks that the API answers through CloudFront, and that CloudFront refuses outputs without a signature.
 *
 * @returns problems, one sentence each; none if the stack `site` is not deployed
 */
export const checkSite = async (
  { names, ssm }: DeployedStage,
  options: SiteCheckOptions,
): Promise<readonly string[]> => {
  const { report, signal, fetch: request = fetch } = options;
  const getStatus = async (url: string): Promise<number> => {
    const response = await request(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.status;
  };
  const checkPath = async (url: string, expected: number, meaning: string): Promise<readonly string[]> => {
    const status = await getStatus(url);
    return status === expected
      ? []
      : [`${url} responded with status ${status} instead of ${expected}: ${meaning}`];
  };
  try {
    const site = await readSite(ssm, names.siteParameter);
    if (site === undefined) {
      report("The stack site is not deployed, so it is not checked.");
      return [];
    }
    const origin = `https://${site.domainName}`;
    report(`Checking ${origin}.`);
    return [
      ...(await checkPath(
        `${origin}/openapi.json`,
        200,
        "the API does not answer through CloudFront. See the log of the function api.",
      )),
      ...(await checkPath(
        `${origin}${unsignedPath}`,
        403,
        "CloudFront must refuse outputs without a signature. Apply the stack site again.",
      )),
    ];
  } catch (cause) {
    signal.throwIfAborted();
    return [`The site cannot be checked: ${formatError(cause)}`];
  }
};
