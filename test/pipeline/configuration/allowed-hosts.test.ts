import { expect } from "chai";
import { createHostFilter, parseAllowedHost } from "../../../pipeline/configuration/allowed-hosts.ts";

describe("the hosts of a channel", () => {
  const manifest = new URL("https://Live.Example.com:8443/live/index.m3u8");
  const isAllowed = (url: string, ...hosts: readonly string[]): boolean =>
    createHostFilter(manifest, hosts)(new URL(url));

  it("are the manifest's host with every port, in any spelling", () => {
    for (const url of [
      "https://live.example.com:8443/1.ts",
      "http://LIVE.example.com./1.ts",
      "https://live.example.com/",
    ])
      expect(isAllowed(url), url).to.equal(true);
    for (const url of [
      "https://example.com/",
      "https://a.live.example.com/",
      "https://live.example.com.evil.example/",
      "https://evillive.example.com/",
      "https://live.example.com@evil.example/",
      "https://live.example.com../",
    ])
      expect(isAllowed(url), url).to.equal(false);
  });

  it("are exact names and every host below a wildcard's name, but not the name itself", () => {
    expect(isAllowed("https://cdn.example.net/", "cdn.example.net")).to.equal(true);
    expect(isAllowed("https://a.cdn.example.net/", "cdn.example.net")).to.equal(false);
    for (const entry of ["*.example.net", "*.EXAMPLE.net."]) {
      expect(isAllowed("https://a.example.net/", entry)).to.equal(true);
      expect(isAllowed("https://a.b.example.net./", entry)).to.equal(true);
      expect(isAllowed("https://example.net/", entry)).to.equal(false);
      expect(isAllowed("https://aexample.net/", entry)).to.equal(false);
      expect(isAllowed("https://a.example.net.evil.example/", entry)).to.equal(false);
    }
  });

  it("have every port unless the entry names one", () => {
    expect(isAllowed("https://cdn.example.net:444/", "cdn.example.net")).to.equal(true);
    expect(isAllowed("https://cdn.example.net:444/", "cdn.example.net:444")).to.equal(true);
    expect(isAllowed("https://cdn.example.net/", "cdn.example.net:443")).to.equal(true);
    expect(isAllowed("http://cdn.example.net/", "cdn.example.net:443")).to.equal(false);
    expect(isAllowed("http://a.example.net/", "*.example.net:80")).to.equal(true);
    expect(isAllowed("https://a.example.net:8443/", "*.example.net:443")).to.equal(false);
  });

  it("may be international names and IP addresses", () => {
    expect(isAllowed("https://bücher.example/", "BÜCHER.example")).to.equal(true);
    expect(isAllowed("https://xn--bcher-kva.example/", "bücher.example")).to.equal(true);
    expect(isAllowed("https://a.bücher.example/", "*.xn--bcher-kva.example")).to.equal(true);
    expect(isAllowed("https://0x08080808/", "8.8.8.8")).to.equal(true);
    expect(isAllowed("https://[2001:db8:0::1]:444/", "[2001:DB8::1]:444")).to.equal(true);
    expect(parseAllowedHost("*.localhost:8080")).to.deep.equal({
      hostname: "localhost",
      isWildcard: true,
      port: 8080,
    });
  });

  it("are named in the error if they are not valid", () => {
    for (const [entry, reason] of [
      ["", "is not a host name"],
      ["*", "is not a host name"],
      ["*.", "is not a host name"],
      ["a.*.example.com", "is not a host name"],
      ["https://cdn.example.com", "is not a host name"],
      ["cdn.example.com/path", "is not a host name"],
      ["name@cdn.example.com", "is not a host name"],
      ["cdn example.com", "is not a host name"],
      ["cdn.example.com:", "is not a host name"],
      ["2001:db8::1", "is not a host name"],
      ["1.2.3.256", "is not a host name"],
      ["*.8.8.8.8", "has a wildcard before an IP address"],
      ["*.com", "allows every host of a top-level domain"],
      ["cdn.example.com:0", "has a port that is not between 1 and 65535"],
      ["cdn.example.com:65536", "has a port that is not between 1 and 65535"],
    ] as const)
      expect(() => createHostFilter(manifest, ["cdn.example.com", entry]), entry).to.throw(
        `The allowed host ${JSON.stringify(entry)} ${reason}. Examples:`,
      );
  });
});
