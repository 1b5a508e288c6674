import { UserError } from "../../pipeline/errors/errors.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Secrets } from "../../pipeline/ports/secrets.ts";

/** Time after which a key is read again, so that rotations are noticed. */
const cacheTtlMs = 15 * 60_000;
/** The SDK renews credentials this long before they expire. */
const expiryWindowMs = 5 * 60_000;

/** The transcoder has no key that may create jobs. */
class MissingTranscoderKeyError extends UserError {
  constructor() {
    super(
      "The transcoder key secret has no key with scope full. Add one; clients read it within 15 minutes.",
    );
    this.name = "MissingTranscoderKeyError";
  }
}

/** Creates an SDK credential provider for the transcoder API: the first key with scope `full`. */
export const createTranscoderCredentials = (secrets: Secrets, clock: Clock) => async () => {
  const key = (await secrets.readTranscoderKeys()).find(({ scope }) => scope === "full");
  if (key === undefined) throw new MissingTranscoderKeyError();
  const { accessKeyId, secretAccessKey } = key;
  const expiration = new Date(clock.now().getTime() + cacheTtlMs + expiryWindowMs);
  return { accessKeyId, secretAccessKey, expiration };
};
