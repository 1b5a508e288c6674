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
const of = (more: Partial<Ownership>) => buildOutputMetadata({ ...owner, ...more } as Ownership, 1);

describe("whose an output is", () => {
  it("lets anybody write where nothing is", () => {
    expect(decidePublish(undefined, owner, 1)).to.equal("write");
    expect(decidePublish(undefined, { kind: "strict", job: "x" }, 1)).to.equal("write");
  });

  it("lets a newer version of the source replace an older, never the other way", () => {
    expect(decidePublish(of({ job: "job-1", sequencer: "0055A9" }), owner, 1)).to.equal("write");
    expect(decidePublish(of({ job: "job-3", sequencer: "0055AB" }), owner, 1)).to.equal("superseded");
  });

  it("goes by the time where a sequencer is missing", () => {
    const at = (modifiedAt: string) => of({ job: "job-1", sequencer: undefined, modifiedAt });
    expect(decidePublish(at("2026-01-01T00:00:00.000Z"), owner, 1)).to.equal("write");
    expect(decidePublish(at("2026-01-03T00:00:00.000Z"), owner, 1)).to.equal("superseded");
  });

  it("keeps another source's, another route's and a stranger's object", () => {
    expect(decidePublish(of({ job: "x", source: "other" }), owner, 1)).to.equal("conflict");
    expect(decidePublish(of({ job: "x", route: "ladder" }), owner, 1)).to.equal("conflict");
    expect(decidePublish({}, owner, 1)).to.equal("conflict");
  });

  it("gives the API's own clients the strict rule", () => {
    expect(decidePublish(of({}), { kind: "strict", job: "other" }, 1)).to.equal("conflict");
  });

  it("compares sequencers of different lengths", () => {
    expect(Math.sign(compareSequencers("0055", "0056"))).to.equal(-1);
    expect(compareSequencers("ab", "AB")).to.equal(0);
  });
});
