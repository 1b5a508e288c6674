import { expect } from "chai";
import * as fc from "fast-check";
import { planUpload } from "../../../pipeline/uploads/upload-key.ts";

const operator = { isOperator: true };
const ann = { isOperator: false, ownerId: "ann" };
const plan = (uploader: Parameters<typeof planUpload>[2], filename: string, prefix?: string) =>
  planUpload(filename, prefix === undefined ? {} : { prefix }, uploader);

describe("the key of an upload", () => {
  it("is prefix and file name for operators, in the user's own folder for others", () => {
    expect(plan(operator, "a.mp4", "talks/")).to.eql({ key: "talks/a.mp4", metadata: {} });
    expect(plan({ isOperator: true, ownerId: "ben" }, "a.mp4", "talks/")).to.eql({
      key: "talks/a.mp4",
      metadata: { "reelway-owner": "ben" },
    });
    for (const [filename, prefix, key] of [
      ["a.mp4", "talks/", "talks/ann/a.mp4"],
      ["day 1/a.mp4", "talks/", "talks/day 1/ann/a.mp4"],
      ["talks/a.mp4", undefined, "talks/ann/a.mp4"],
      ["a.mp4", undefined, "ann/a.mp4"],
      ["a.mp4", "talks/keynote-", "talks/ann/keynote-a.mp4"],
    ] as const)
      expect(plan(ann, filename, prefix)).to.eql({ key, metadata: { "reelway-owner": "ann" } });
  });

  it("is never one that another user gets", () => {
    const segment = fc.constantFrom("ann", "ben", "a", "a.mp4");
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
    fc.assert(
      fc.property(path, path, fc.constantFrom("", "x/", "ann/", "ben/"), (one, two, prefix) => {
        const keys = [plan(ann, one, prefix), plan({ ...ann, ownerId: "ben" }, two, prefix)].flatMap(
          (result) => ("key" in result ? [result.key] : []),
        );
        expect(new Set(keys)).to.have.property("size", 2);
      }),
    );
  });

  it("refuses metadata that only the server sets, in any case", () => {
    for (const name of ["reelway-owner", "Reelway-Owner", "reelway-job", "reelway-"]) {
      const result = planUpload("a.mp4", { [name]: "ben" }, ann);
      expect(result, name).to.have.property("faults").with.length(1);
    }
  });

  it("leaves room for the owner in the metadata", () => {
    const planWith = (length: number) => planUpload("a.mp4", { note: "x".repeat(length) }, ann);
    const free = 2048 - "note".length - "reelway-ownerann".length;
    expect(planWith(free)).to.have.property("key");
    expect(planWith(free + 1)).to.have.property("faults");
  });
});
