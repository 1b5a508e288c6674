import { expect } from "chai";
import type { Ownership } from "../../../pipeline/jobs/attempt.ts";
import { buildOutputMetadata, compareSequencers, decidePublish } from "../../../pipeline/jobs/ownership.ts";

const owner: Ownership = {
  kind: "source",
  job: "job-2",
  route: "web",
  source: "hash",
  sequencer: "0055AA",
  modifiedAt: "2026-01-02T00:00:00.000Z",
};
const buildMetadata = (more: Partial<Ownership>) =>
  buildOutputMetadata({ ...owner, ...more } as Ownership, 1);

describe("output ownership", () => {
  it("allows writing if no object exists", () => {
    expect(decidePublish(undefined, owner, 1)).to.equal("write");
    expect(decidePublish(undefined, { kind: "strict", job: "x" }, 1)).to.equal("write");
  });

  it("lets a newer version of the source replace an older, never the reverse", () => {
    expect(decidePublish(buildMetadata({ job: "job-1", sequencer: "0055A9" }), owner, 1)).to.equal("write");
    expect(decidePublish(buildMetadata({ job: "job-3", sequencer: "0055AB" }), owner, 1)).to.equal(
      "superseded",
    );
  });

  it("compares times if a sequencer is missing", () => {
    const at = (modifiedAt: string) => buildMetadata({ job: "job-1", sequencer: undefined, modifiedAt });
    expect(decidePublish(at("2026-01-01T00:00:00.000Z"), owner, 1)).to.equal("write");
    expect(decidePublish(at("2026-01-03T00:00:00.000Z"), owner, 1)).to.equal("superseded");
  });

  it("protects objects of another source, another route and other writers", () => {
    expect(decidePublish(buildMetadata({ job: "x", source: "other" }), owner, 1)).to.equal("conflict");
    expect(decidePublish(buildMetadata({ job: "x", route: "ladder" }), owner, 1)).to.equal("conflict");
    expect(decidePublish({}, owner, 1)).to.equal("conflict");
  });

  it("applies the strict rule to clients of the API", () => {
    expect(decidePublish(buildMetadata({}), { kind: "strict", job: "other" }, 1)).to.equal("conflict");
  });

  it("compares sequencers of different lengths", () => {
    expect(Math.sign(compareSequencers("0055", "0056"))).to.equal(-1);
    expect(compareSequencers("ab", "AB")).to.equal(0);
  });
});
