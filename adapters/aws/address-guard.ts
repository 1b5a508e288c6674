import { lookup as lookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";

/** Options of `createAddressGuard`. */
export interface AddressGuardOptions {
  /** Whether a connection to an IP address is allowed, for the host name of the URL. */
  readonly isAllowedAddress: (address: string, hostname: string) => boolean;
  /** Creates the error of an address that is not allowed. */
  readonly createRefusal: (hostname: string, address: string) => Error;
  /** Resolves host names. @default the system's resolver */
  readonly lookup?: typeof lookupAddress;
}

/** Decides which IP addresses a client connects to. */
export interface AddressGuard {
  /**
   * Resolves a host name once and returns its addresses only if all are allowed. The socket connects to one of them, so
   * a second answer of the DNS server cannot lead elsewhere.
   */
  readonly lookup: LookupFunction;
  /**
   * Judges the host of a parsed URL if it is an IP address, which is not looked up. The URL parser turns every form of
   * an address (decimal, octal, hexadecimal, shortened) into the common one.
   *
   * @throws the refusal
   */
  assertAllowedHost(hostname: string): void;
}

/** Creates the guard of a client's connections. Without `lookup` in a request's options it has no effect. */
export const createAddressGuard = ({
  isAllowedAddress,
  createRefusal,
  lookup = lookupAddress,
}: AddressGuardOptions): AddressGuard => ({
  lookup: (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined)
        return callback(error ?? new Error(`The host ${hostname} has no address.`), "");
      const refused = addresses.find(({ address }) => !isAllowedAddress(address, hostname));
      if (refused !== undefined) callback(createRefusal(hostname, refused.address), "");
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  },
  assertAllowedHost(hostname) {
    const address = hostname.replace(/^\[|\]$/g, "");
    if (isIP(address) !== 0 && !isAllowedAddress(address, hostname)) throw createRefusal(hostname, address);
  },
});
