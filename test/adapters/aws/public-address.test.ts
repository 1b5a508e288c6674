import { expect } from "chai";
import { isPublicAddress } from "../../../adapters/aws/public-address.ts";

describe("a public address", () => {
  for (const [kind, addresses] of Object.entries({
    private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    loopback: ["127.0.0.1", "127.255.255.254", "::1"],
    "link-local": ["169.254.0.1", "fe80::1", "fe80::1%eth0"],
    metadata: ["169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "100.100.100.200"],
    "shared address space": ["100.64.0.1", "100.127.255.255"],
    multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
    unspecified: ["0.0.0.0", "0.1.2.3", "::"],
    broadcast: ["255.255.255.255", "240.0.0.1"],
    "IPv4-mapped": ["::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::ffff:8.8.8.8"],
    "IPv4-compatible": ["::127.0.0.1", "::8.8.8.8"],
    NAT64: ["64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1"],
    "6to4 and Teredo": ["2002:a9fe:a9fe::1", "2001::1", "2001:0:a9fe:a9fe::1"],
    documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    benchmarking: ["198.18.0.1", "198.19.255.255"],
    "no address": ["", "example.com", "8.8.8", "8.8.8.8.8", "010.8.8.8.8"],
  }))
    it(`is not one of the kind ${kind}`, () => {
      expect(addresses.filter(isPublicAddress)).to.deep.equal([]);
    });

  it("is one beside every special block", () => {
    const addresses = [
      "1.1.1.1",
      "8.8.8.8",
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "223.255.255.255",
      "2606:4700:4700::1111",
      "2a00:1450:4001:82f::200e",
    ];
    expect(addresses.filter((address) => !isPublicAddress(address))).to.deep.equal([]);
  });
});
