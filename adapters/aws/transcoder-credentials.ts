import { UserError } from "../../pipeline/errors/errors.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Secrets } from "../../pipeline/ports/secrets.ts";

/** How long a key is used before it is read again, so that a rotation is noticed: 15 minutes. */
const cacheTtlMs = 15 * 60_000;
/** The SDK renews credentials this long before they expire. */
const expiryWindowMs = 5 * 60_000;

/** No key of the transcoder may create jobs. */
class MissingTranscoderKeyError extends UserError {
  constructor() {
    super(
      "The secret of the transcoder's keys holds none of scope full; add one, its callers read it within 15 minutes.",
    );
    this.name = "MissingTranscoderKeyError";
  }
}

/** The SDK's credential provider for the transcoder's API: the first key of scope `full`. */
export const createTranscoderCredentials = (secrets: Secrets, clock: Clock) => async () => {
  const key = (await secrets.readTranscoderKeys()).find(({ scope }) => scope === "full");
  if (key === undefined) throw new MissingTranscoderKeyError();
  const { accessKeyId, secretAccessKey } = key;
  const expiration = new Date(clock.now().getTime() + cacheTtlMs + expiryWindowMs);
  return { accessKeyId, secretAccessKey, expiration };
};
