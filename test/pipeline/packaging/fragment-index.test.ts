import { expect } from "chai";
import fc from "fast-check";
import { parseFileCodec, parseStreamAvcCodec } from "../../../pipeline/packaging/codec-names.ts";
import {
  computeIndexSeconds,
  measureIndexEnd,
  parseFragmentIndex,
} from "../../../pipeline/packaging/fragment-index.ts";
import { readFragmentedFile } from "../../../pipeline/packaging/read-fragmented-file.ts";
import {
  buildAudioHeader,
  buildBox,
  buildFragmentedMp4,
  buildSidx,
  buildVideoHeader,
} from "./fragmented-mp4.ts";

const header = Buffer.concat([buildBox("ftyp", Buffer.alloc(8)), buildBox("moov", Buffer.alloc(92))]);

describe("the index of a fragmented file", () => {
  it("is parsed in either version, with the offset of each fragment", () => {
    for (const version of [0, 1] as const) {
      const end = 116 + (version === 0 ? 32 : 40) + 24;
      const index = parseFragmentIndex(
        buildFragmentedMp4(
          header,
          [
            [500, 2000],
            [300, 1500],
          ],
          version,
        ),
      );
      expect(index).to.deep.equal({
        headerRange: [0, 115],
        indexRange: [116, end - 1],
        fragments: [
          { seconds: 2, offset: end, bytes: 500 },
          { seconds: 1.5, offset: end + 500, bytes: 300 },
        ],
      });
      expect(index === undefined ? 0 : computeIndexSeconds(index)).to.equal(3.5);
    }
  });

  it("counts bytes between the index and the first fragment", () => {
    const bytes = Buffer.concat([header, buildSidx(1, [[500, 2000]], 24)]);
    expect(parseFragmentIndex(bytes)?.fragments[0]?.offset).to.equal(bytes.length + 24);
  });

  it("is absent from files without one, truncated files and files that are not MP4", () => {
    expect(parseFragmentIndex(Buffer.concat([header, buildBox("moof", Buffer.alloc(8))]))).to.equal(
      undefined,
    );
    expect(parseFragmentIndex(buildFragmentedMp4(header, [[1, 1]]).subarray(0, 130))).to.equal(undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseFragmentIndex(bytes);
        measureIndexEnd(bytes);
        parseFileCodec(bytes);
      }),
    );
  });
});

/** Runs a read against a file, and lists the bytes that were requested. */
const read = (file: Uint8Array) => {
  const lengths: number[] = [];
  const steps = readFragmentedFile("/scratch/a.mp4");
  let step = steps.next();
  while (step.done !== true) {
    if (step.value.kind !== "head") throw new Error(`unexpected step ${step.value.kind}`);
    lengths.push(step.value.length);
    step = steps.next({ log: "", text: "", bytes: file.subarray(0, step.value.length) });
  }
  return { lengths, file: step.value };
};

describe("reading header and index of a fragmented file", () => {
  it("takes one read for a short file", () => {
    const { lengths, file } = read(buildFragmentedMp4(buildVideoHeader(), [[500, 2000]]));
    expect(lengths).to.have.length(1);
    expect(file?.header.length).to.equal(buildVideoHeader().length);
  });

  it("reads as much as the header and the largest index take", () => {
    const largeHeader = Buffer.concat([buildVideoHeader(), buildBox("free", Buffer.alloc(3 * 1024 * 1024))]);
    const bytes = buildFragmentedMp4(largeHeader, new Array(65_535).fill([1000, 1000]));
    const { lengths, file } = read(Buffer.concat([bytes, Buffer.alloc(100_000)]));

    expect(file?.index.fragments).to.have.length(65_535);
    expect(lengths).to.have.length(3);
    expect(lengths.at(-1)).to.equal(largeHeader.length + 40 + 65_535 * 12);
  });

  it("ends without an index, whether the file is cut, empty or not fragmented", () => {
    const bytes = buildFragmentedMp4(buildVideoHeader(), new Array(20_000).fill([1000, 1000]));
    const files = [bytes.subarray(0, 100_000), bytes.subarray(0, 100), Buffer.alloc(0), buildVideoHeader()];
    for (const file of files) expect(read(file).file).to.equal(undefined);
    expect(read(Buffer.concat([header, buildBox("mdat", Buffer.alloc(70_000))])).lengths).to.have.length(1);
  });
});

describe("codec strings", () => {
  it("are read from a stream's parameter set", () => {
    expect(
      parseStreamAvcCodec(Uint8Array.of(71, 0, 0, 0, 1, 9, 240, 0, 0, 0, 1, 0x67, 0x4d, 0x40, 0x1f, 1)),
    ).to.equal("avc1.4d401f");
    expect(parseStreamAvcCodec(Uint8Array.of(0, 0, 1, 9, 240, 0, 0, 1))).to.equal(undefined);
  });

  it("are read from a file's decoder configuration", () => {
    expect(parseFileCodec(buildVideoHeader())).to.equal("avc1.640029");
    expect(parseFileCodec(buildAudioHeader())).to.equal("mp4a.40.2");
    // HE-AAC, and an object type that does not fit into five bits.
    expect(parseFileCodec(buildAudioHeader(0x40, [0x2b, 0x92]))).to.equal("mp4a.40.5");
    expect(parseFileCodec(buildAudioHeader(0x40, [0xf9, 0x40]))).to.equal("mp4a.40.42");
    expect(parseFileCodec(buildAudioHeader(0x6b))).to.equal("mp4a.6b");
    expect(parseFileCodec(header)).to.equal(undefined);
  });
});
