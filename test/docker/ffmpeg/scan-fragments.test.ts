import { expect } from "chai";
import { scanFragments } from "../../../docker/ffmpeg/source/scan-fragments.ts";
import {
  applyPatches,
  findFirstSecond,
  hideBox,
  rebaseDecodeTimes,
} from "../../../pipeline/packaging/rebase-fragments.ts";

const buildBox = (type: string, ...contents: readonly Uint8Array[]): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + contents.reduce((sum, { length }) => sum + length, 0));
  header.write(type, 4, "latin1");
  return Buffer.concat([header, ...contents]);
};
/** A track fragment: 64 bits of time for track 1, 32 for the others. */
const buildTrack = (id: number, time: number): Buffer => {
  const tfhd = Buffer.alloc(8);
  tfhd.writeUInt32BE(id, 4);
  const tfdt = Buffer.alloc(id === 1 ? 12 : 8);
  tfdt[0] = id === 1 ? 1 : 0;
  if (id === 1) tfdt.writeBigUInt64BE(BigInt(time), 4);
  else tfdt.writeUInt32BE(time, 4);
  return buildBox("traf", buildBox("tfhd", tfhd), buildBox("tfdt", tfdt));
};
const timescales = new Map([
  [1, 90_000],
  [2, 48_000],
]);
/** Two fragments that begin after `seconds`, the second one with a header larger than a window. */
const buildSegment = (seconds: number): Buffer =>
  Buffer.concat([
    buildBox("styp", Buffer.from("msdh")),
    buildBox("sidx", Buffer.alloc(24)),
    buildBox("moof", buildTrack(1, 90_000 * seconds), buildTrack(2, 48_000 * seconds + 100)),
    buildBox("mdat", Buffer.alloc(100_000, 7)),
    buildBox("moof", buildBox("free", Buffer.alloc(50_000)), buildTrack(1, 90_000 * seconds + 4500)),
    buildBox("mdat", Buffer.alloc(100, 7)),
  ]);

describe("the times of a segment of fragmented MP4", () => {
  const segment = buildSegment(40_000);
  const scan = async (): Promise<{
    readonly found: Awaited<ReturnType<typeof scanFragments>>;
    readonly bytesRead: number;
  }> => {
    let bytesRead = 0;
    const found = await scanFragments("a.m4s", segment.length, timescales, async (start, end) => {
      bytesRead += end + 1 - start;
      return segment.subarray(start, end + 1);
    });
    return { found, bytesRead };
  };

  it("are found without a read of its media", async () => {
    const { found, bytesRead } = await scan();

    expect(found.decodeTimes.map(({ time, timescale }) => [Number(time), timescale])).to.deep.equal([
      [90_000 * 40_000, 90_000],
      [48_000 * 40_000 + 100, 48_000],
      [90_000 * 40_000 + 4500, 90_000],
    ]);
    expect(found.indexOffsets).to.deep.equal([12]);
    expect(findFirstSecond(found.decodeTimes)).to.equal(40_000);
    expect(bytesRead).to.be.below(segment.length - 20_000);
  });

  it("are counted from 0 by patches, wherever the bytes are divided", async () => {
    const { found } = await scan();
    const patches = [...rebaseDecodeTimes(found.decodeTimes, 40_000), ...found.indexOffsets.map(hideBox)];
    const expected = buildSegment(0);
    expected.write("free", 16, "latin1");

    for (const length of [1, 3, 7, 4096, segment.length]) {
      const parts: Uint8Array[] = [];
      for (let offset = 0; offset < segment.length; offset += length)
        parts.push(applyPatches(segment.subarray(offset, offset + length), offset, patches));
      expect(Buffer.concat(parts).equals(expected), `parts of ${length} bytes`).to.equal(true);
    }
    expect(segment.equals(buildSegment(40_000)), "the bytes that were read").to.equal(true);
  });

  it("are refused if the header of a fragment is larger than any", async () => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(100 * 2 ** 20);
    header.write("moof", 4, "latin1");
    const failure: unknown = await scanFragments("a.m4s", 2 ** 30, timescales, async () => header).catch(
      (cause: unknown) => cause,
    );

    expect(failure).to.have.property("code", 4000);
    expect(failure).to.have.property("message").that.includes("a.m4s");
  });
});
