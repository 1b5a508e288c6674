import { expect } from "chai";
import fc from "fast-check";
import { buildClientToken, computeJobId, hashSource, isJobId } from "../../../pipeline/jobs/job-id.ts";

const source = { bucket: "input", key: "a.mp4", versionId: "v1", etag: "e", sequencer: "01" };

describe("the job id", () => {
  it("is the base32 of a SHA-256 over length-prefixed parts", () => {
    // printf '5:input5:a.mp44:v:v13:web' | sha256sum; its 32 bytes in RFC 4648 base32
    const id = computeJobId(source, "web");
    expect(id).to.equal("7lvtqgnm467w74dvsnkbqsh2ne4nrcz5ggdc53vp3tywdapwokya");
  });

  it("has 52 characters of base32 for any source and route", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: "binary" }), fc.string(), (bucket, key, route) => {
        expect(isJobId(computeJobId({ bucket, key, versionId: "1" }, route))).to.equal(true);
      }),
    );
  });

  it("differs between versions, keys, buckets and routes, for any boundaries", () => {
    const ids = [
      computeJobId(source, "web"),
      computeJobId({ ...source, versionId: "v2" }, "web"),
      computeJobId({ ...source, key: "a.mp4v" }, "web"),
      computeJobId({ ...source, bucket: "inputa", key: ".mp4" }, "web"),
      computeJobId(source, "ladder"),
      computeJobId(source, null),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("uses ETag and sequencer if the bucket has no versions", () => {
    const { versionId: _, ...unversioned } = source;
    const first = computeJobId(unversioned, "web");
    expect(computeJobId({ ...unversioned, versionId: "null" }, "web")).to.equal(first);
    expect(computeJobId({ ...unversioned, sequencer: "02" }, "web")).not.to.equal(first);
    expect(computeJobId({ ...source, sequencer: "02" }, "web")).to.equal(computeJobId(source, "web"));
  });

  it("leaves room for the attempt in a client token of 64 characters", () => {
    expect(buildClientToken(computeJobId(source, "web"), 99_999_999_999)).to.have.length(64);
  });

  it("is not the id of a transcoder job", () => {
    expect(isJobId("1700000000000-abc123")).to.equal(false);
  });

  it("hashes a key of any length into object metadata", () => {
    expect(hashSource("input", "ü".repeat(512))).to.match(/^[0-9a-f]{64}$/);
  });
});
