import type { lookup as lookupAddress } from "node:dns";

/** A resolver that returns the next list of addresses at each call, and the last one from then on. */
export const createResolver = (...answers: readonly (readonly string[])[]) => {
  const calls: string[] = [];
  const lookup = ((
    hostname: string,
    _options: unknown,
    callback: (error: null, addresses: readonly { address: string; family: number }[]) => void,
  ) => {
    const addresses = answers[Math.min(calls.push(hostname), answers.length) - 1] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  }) as typeof lookupAddress;
  return { calls, lookup };
};
