import { BlockList, isIPv4, isIPv6 } from "node:net";

/** IPv4 blocks that are not globally reachable (IANA IPv4 Special-Purpose Address Registry), and multicast. */
const specialIpv4Blocks = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  // Shared address space of carrier-grade NAT; cloud providers use it for services too.
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // The platform service of Azure's virtual machines, a public address that only they reach.
  ["168.63.129.16", 32],
  // Link-local: the metadata services of EC2, ECS and Lambda.
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved and broadcast.
  ["224.0.0.0", 3],
] as const;

/**
 * Special blocks of global unicast (2000::/3): protocol assignments with Teredo, documentation, 6to4. Everything outside
 * of global unicast is refused: unspecified, loopback, IPv4-mapped, NAT64, unique local, link-local, multicast.
 */
const specialIpv6Blocks = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const specialBlocks = new BlockList();
for (const [network, prefix] of specialIpv4Blocks) specialBlocks.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of specialIpv6Blocks) specialBlocks.addSubnet(network, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** True if an IP address is one of the public internet. False for any other text. */
export const isPublicAddress = (address: string): boolean => {
  if (isIPv4(address)) return !specialBlocks.check(address, "ipv4");
  return (
    isIPv6(address) &&
    !address.includes("%") &&
    globalUnicast.check(address, "ipv6") &&
    !specialBlocks.check(address, "ipv6")
  );
};

const loopbackIpv4 = new BlockList();
loopbackIpv4.addSubnet("127.0.0.0", 8, "ipv4");
// Its own list: one with IPv4 blocks would also match IPv4-mapped addresses.
const loopbackIpv6 = new BlockList();
loopbackIpv6.addAddress("::1", "ipv6");

/** True for 127.0.0.0/8 and ::1. False for any other text, IPv4-mapped addresses included. */
export const isLoopbackAddress = (address: string): boolean =>
  isIPv4(address)
    ? loopbackIpv4.check(address, "ipv4")
    : isIPv6(address) && !address.includes("%") && loopbackIpv6.check(address, "ipv6");
