import { expect } from "chai";
import fc from "fast-check";
import { createAddressGuard } from "../../../adapters/aws/address-guard.ts";
import { createChannelFetcher } from "../../../adapters/aws/channel-fetcher.ts";
import { isLoopbackAddress, isPublicAddress } from "../../../adapters/aws/public-address.ts";
import { FetchFailure } from "../../../pipeline/highlights/channel-fetcher.ts";
import { catchError } from "../../catch-error.ts";
import { createResolver } from "./resolver.ts";

const parseIpv4 = (text: string): number =>
  text.split(".").reduce((value, part) => value * 256 + Number(part), 0);

const ipv4In = (network: string, prefix: number): fc.Arbitrary<number> =>
  fc.nat({ max: 2 ** (32 - prefix) - 1 }).map((host) => parseIpv4(network) + host);

const loopbackIpv4 = ipv4In("127.0.0.0", 8);
/** Addresses of IPv4 that must not be reached, loopback aside. */
const specialIpv4 = fc.oneof(
  fc.constantFrom("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16").map(parseIpv4),
  ipv4In("0.0.0.0", 8),
  ipv4In("10.0.0.0", 8),
  ipv4In("100.64.0.0", 10),
  ipv4In("169.254.0.0", 16),
  ipv4In("172.16.0.0", 12),
  ipv4In("192.168.0.0", 16),
  ipv4In("198.18.0.0", 15),
  ipv4In("224.0.0.0", 3),
);
const publicIpv4 = fc.oneof(ipv4In("8.0.0.0", 8), ipv4In("52.0.0.0", 8), ipv4In("151.101.0.0", 16));

/** One number of an address: decimal, octal or hexadecimal, with leading zeros. */
const spellNumber = (value: number): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom("decimal", "octal", "hex", "HEX"), fc.nat({ max: 3 })).map(([base, zeros]) => {
    if (base === "decimal") return String(value);
    if (base === "octal") return `0${"0".repeat(zeros)}${value.toString(8)}`;
    const digits = `${"0".repeat(zeros)}${value.toString(16)}`;
    return base === "hex" ? `0x${digits}` : `0X${digits.toUpperCase()}`;
  });

const full = new Map(
  Array.from({ length: 10 }, (_, digit) => [String(digit), String.fromCodePoint(0xff10 + digit)]),
);

/** Every form of an IPv4 address that URLs allow: one to four numbers, a final dot, full-width digits, escapes. */
const spellIpv4 = (value: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.constantFrom("plain", "full-width", "escaped"))
    .chain(([count, hasDot, characters]) => {
      const leading = Array.from({ length: count - 1 }, (_, index) => (value >>> (24 - 8 * index)) & 255);
      const rest = value % 2 ** (32 - 8 * (count - 1));
      return fc.tuple(...[...leading, rest].map(spellNumber)).map((numbers) => {
        const text = `${numbers.join(".")}${hasDot ? "." : ""}`;
        if (characters === "full-width") return text.replaceAll(/\d/g, (digit) => full.get(digit) ?? digit);
        return characters === "escaped" ? text.replaceAll(/\d/g, (digit) => `%3${digit}`) : text;
      });
    });

const groupsOf = (value: number): readonly number[] => [value >>> 16, value & 0xffff];
const group = fc.nat({ max: 0xffff });
const groups = (count: number): fc.Arbitrary<readonly number[]> =>
  fc.array(group, { minLength: count, maxLength: count });
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0);

const anySpecialIpv4 = fc.oneof(specialIpv4, loopbackIpv4).map(groupsOf);
/** Addresses of IPv6 that must not be reached, loopback aside, as eight groups. */
const specialIpv6 = fc.oneof(
  fc.constant([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254]),
  fc.constant(zeros(8)),
  // IPv4-mapped, IPv4-compatible, NAT64, local NAT64, 6to4, Teredo.
  anySpecialIpv4.map((ipv4) => [...zeros(5), 0xffff, ...ipv4]),
  anySpecialIpv4.filter((ipv4) => ipv4[0] !== 0).map((ipv4) => [...zeros(6), ...ipv4]),
  anySpecialIpv4.map((ipv4) => [0x64, 0xff9b, ...zeros(4), ...ipv4]),
  fc.tuple(groups(3), anySpecialIpv4).map(([middle, ipv4]) => [0x64, 0xff9b, 1, ...middle, ...ipv4]),
  fc.tuple(anySpecialIpv4, groups(5)).map(([ipv4, rest]) => [0x2002, ...ipv4, ...rest]),
  groups(6).map((rest) => [0x2001, 0, ...rest]),
  // Unique local, link-local, multicast, documentation.
  fc.tuple(fc.integer({ min: 0xfc00, max: 0xfdff }), groups(7)).map(([first, rest]) => [first, ...rest]),
  fc.tuple(fc.integer({ min: 0xfe80, max: 0xfebf }), groups(7)).map(([first, rest]) => [first, ...rest]),
  fc.tuple(fc.integer({ min: 0xff00, max: 0xffff }), groups(7)).map(([first, rest]) => [first, ...rest]),
  groups(6).map((rest) => [0x2001, 0xdb8, ...rest]),
);
const publicIpv6 = fc
  .tuple(fc.constantFrom(0x2600, 0x2606, 0x2a00, 0x2a04), groups(7))
  .map(([first, rest]) => [first, ...rest]);

/** An IPv6 address with leading zeros, letters of any case, a run of zeros left out, and the end as IPv4. */
const spellIpv6 = (address: readonly number[]): fc.Arbitrary<string> =>
  fc
    .record({
      isPadded: fc.boolean(),
      isUpper: fc.boolean(),
      isCompressed: fc.boolean(),
      hasIpv4: fc.boolean(),
    })
    .map(({ isPadded, isUpper, isCompressed, hasIpv4 }) => {
      const write = (numbers: readonly number[]): readonly string[] =>
        numbers.map((number) => number.toString(16).padStart(isPadded ? 4 : 1, "0"));
      const parts = hasIpv4
        ? [
            ...write(address.slice(0, 6)),
            address
              .slice(6)
              .flatMap((number) => [number >>> 8, number & 255])
              .join("."),
          ]
        : [...write(address)];
      const start = parts.findIndex((part) => /^0+$/.test(part));
      const length = start < 0 ? 0 : parts.slice(start).findIndex((part) => !/^0+$/.test(part));
      const end = length < 0 ? parts.length : start + length;
      const text =
        isCompressed && start >= 0
          ? `${parts.slice(0, start).join(":")}::${parts.slice(end).join(":")}`
          : parts.join(":");
      return isUpper ? text.toUpperCase() : text;
    });

const fetchFrom = async (
  url: string,
  allowLoopback: boolean,
  answers: readonly string[] = [],
): Promise<unknown> => {
  const { lookup } = createResolver(answers);
  const fetcher = createChannelFetcher({ manifestUrl: url, allowLoopback, lookup });
  try {
    return await catchError(fetcher.fetchBytes({ url, maxBytes: 1, timeoutMs: 1000 }));
  } finally {
    fetcher.close();
  }
};
const isRefused = (failure: unknown): boolean =>
  failure instanceof FetchFailure && failure.kind === "refused-address";

describe("the addresses of a channel", () => {
  const special = fc.oneof(
    specialIpv4.chain(spellIpv4),
    specialIpv6.chain(spellIpv6).map((address) => `[${address}]`),
  );
  const loopback = fc.oneof(
    loopbackIpv4.chain(spellIpv4),
    spellIpv6([...zeros(7), 1]).map((address) => `[${address}]`),
  );

  it("in URLs are never special ones, however they are written", () =>
    fc.assert(
      fc.asyncProperty(special, fc.boolean(), async (host, allowLoopback) => {
        const failure = await fetchFrom(`http://${host}:9/`, allowLoopback);
        expect(isRefused(failure), `${host} ${failure}`).to.equal(true);
      }),
      { numRuns: 1000 },
    ));

  it("in URLs are loopback only where it is allowed", () =>
    fc.assert(
      fc.asyncProperty(loopback, async (host) => {
        const failure = await fetchFrom(`http://${host}:9/`, false);
        expect(isRefused(failure), `${host} ${failure}`).to.equal(true);
        const { hostname } = new URL(`http://${host}/`);
        expect(isLoopbackAddress(hostname.replace(/^\[|\]$/g, "")), host).to.equal(true);
      }),
      { numRuns: 300 },
    ));

  it("in DNS are never special ones, alone or beside a public one, for any name", () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          specialIpv4.map((value) => new URL(`http://${value}/`).hostname),
          specialIpv6.chain(spellIpv6),
        ),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom("live.example.com", "localhost"),
        async (address, isFirst, allowLoopback, name) => {
          const answers = isFirst ? [address, "8.8.8.8"] : ["8.8.8.8", address];
          const failure = await fetchFrom(`http://${name}:9/`, allowLoopback, answers);
          expect(isRefused(failure), `${address} ${failure}`).to.equal(true);
        },
      ),
      { numRuns: 500 },
    ));

  it("may be public ones, however they are written", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          publicIpv4.chain(spellIpv4),
          publicIpv6.chain(spellIpv6).map((address) => `[${address}]`),
        ),
        (host) => {
          const guard = createAddressGuard({
            isAllowedAddress: isPublicAddress,
            createRefusal: (_, address) => new Error(address),
          });
          guard.assertAllowedHost(new URL(`http://${host}/`).hostname);
        },
      ),
      { numRuns: 500 },
    ));

  it("are loopback in 127.0.0.0/8 and ::1 alone", () => {
    const others = [
      "::ffff:127.0.0.1",
      "::127.0.0.1",
      "64:ff9b::7f00:1",
      "::1%lo",
      "::",
      "0.0.0.0",
      "126.0.0.1",
      "localhost",
      "",
    ];
    expect(
      ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", ...others].filter(isLoopbackAddress),
    ).to.deep.equal(["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"]);
  });
});
