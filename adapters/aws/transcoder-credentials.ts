import type { Clock, Secrets } from "../../pipeline/ports/services.ts";

/** How long a key is used before it is read again, so that a rotation is noticed: 15 minutes. */
const lifetimeMilliseconds = 15 * 60_000;
/** The SDK renews credentials this long before they expire. */
const renewalMilliseconds = 5 * 60_000;

/** No key of the transcoder may create jobs. */
class NoTranscoderKey extends Error {
  constructor() {
    super(
      "The secret of the transcoder's keys holds none of scope full; add one, its callers read it within 15 minutes.",
    );
    this.name = "NoTranscoderKey";
  }
}

/** The SDK's credential provider for the transcoder's API: the first key of scope `full`. */
export const transcoderCredentials = (secrets: Secrets, clock: Clock) => async () => {
  const key = (await secrets.transcoderKeys()).find(({ scope }) => scope === "full");
  if (key === undefined) throw new NoTranscoderKey();
  const { accessKeyId, secretAccessKey } = key;
  const expiration = new Date(clock.now().getTime() + lifetimeMilliseconds + renewalMilliseconds);
  return { accessKeyId, secretAccessKey, expiration };
};
