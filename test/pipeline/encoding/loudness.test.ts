import { expect } from "chai";
import type { AudioLevel } from "../../../pipeline/encoding/audio-filters.ts";
import {
  countSummaries,
  findLevels,
  type Loudness,
  parseLoudness,
} from "../../../pipeline/encoding/loudness.ts";

const buildLog = (integrated: string, peak: string, meter = "audio0") =>
  `[ebur128@${meter} @ 0x1] [info] Summary:

  Integrated loudness:
    I:         ${integrated} LUFS
    Threshold: -30.2 LUFS

  Loudness range:
    LRA:         0.2 LU
    Threshold: -40.3 LUFS
    LRA low:   -20.5 LUFS
    LRA high:  -20.3 LUFS

[ebur128@${meter} @ 0x1] [info]   True peak:
    Peak:        ${peak} dBFS
`;

describe("a loudness measurement", () => {
  it("is the last in ffmpeg's log", () => {
    expect(
      parseLoudness(`comment: ${buildLog("-99.0", "0.0")}${buildLog("-23.1", "-3.0")}`, "audio0"),
    ).to.deep.equal({
      integratedLufs: -23.1,
      truePeakDbtp: -3,
    });
  });

  it("has no loudness for silence and for very short audio", () => {
    expect(parseLoudness(buildLog("-70.0", "-inf"), "audio0")).to.deep.equal({ truePeakDbtp: -Infinity });
    expect(parseLoudness(buildLog("-70.0", "-18.1"), "audio0")).to.deep.equal({ truePeakDbtp: -18.1 });
  });

  it("is that of a meter, of several in one process", () => {
    const log = ["audio1", "audio10", "audio0"].map((meter, index) =>
      buildLog(`-${20 + index}.0`, "-3.0", meter),
    );

    expect(parseLoudness(log.join(""), "audio1")?.integratedLufs).to.equal(-20);
    expect(parseLoudness(log.join(""), "audio0")?.integratedLufs).to.equal(-22);
    expect(parseLoudness(log.join(""), "audio2")).to.equal(undefined);
  });

  it("is counted for each meter: a second one means that its graph was built again", () => {
    const log = [buildLog("-20.0", "-3.0"), buildLog("-21.0", "-3.0", "audio1"), buildLog("-22.0", "-3.0")];

    expect(["audio0", "audio1", "audio2"].map((meter) => countSummaries(log.join(""), meter))).to.deep.equal([
      ...[2, 1, 0],
    ]);
  });

  it("is undefined without a summary", () => {
    expect(parseLoudness("size=N/A", "audio0")).to.equal(undefined);
  });
});

describe("the level for a loudness", () => {
  /** Finds a level for a source, with the results of the trials in turn. */
  const find = (log: string, ...results: readonly (Loudness | undefined)[]) => {
    const levels: AudioLevel[] = [];
    const source = parseLoudness(log, "audio0") ?? { truePeakDbtp: -Infinity };
    const search = findLevels(-16, [source], function* (tried) {
      levels.push(...tried.map(({ level }) => level));
      return [results[levels.length - 1]];
    });
    const { value, done } = search.next();
    expect(done).to.equal(true);
    expect(levels.at(-1)).to.deep.equal(Array.isArray(value) ? value[0] : undefined);
    return levels.map(({ gainDb, ceilingDbtp }) => ({
      gainDb: Math.round(gainDb * 100) / 100,
      ...(ceilingDbtp === undefined ? {} : { ceilingDbtp: Math.round(ceilingDbtp * 100) / 100 }),
    }));
  };

  it("is a gain if the peaks allow it", () => {
    expect(find(buildLog("-23.0", "-12.0"), { integratedLufs: -16.2, truePeakDbtp: -5 })).to.deep.equal([
      { gainDb: 7 },
    ]);
  });

  it("limits the peaks if they do not", () => {
    expect(find(buildLog("-23.0", "-6.0"), { integratedLufs: -16.2, truePeakDbtp: -2 })).to.deep.equal([
      { gainDb: 7, ceilingDbtp: -3 },
    ]);
  });

  it("is corrected if the limiter or the codec took loudness", () => {
    const [, second] = find(
      buildLog("-23.0", "-6.0"),
      { integratedLufs: -18, truePeakDbtp: -2 },
      { integratedLufs: -16, truePeakDbtp: -2 },
    );

    expect(second).to.deep.equal({ gainDb: 9.8, ceilingDbtp: -3 });
  });

  it("is corrected if the codec raised the peaks", () => {
    expect(
      find(
        buildLog("-23.0", "-11.5"),
        { integratedLufs: -16.1, truePeakDbtp: -1 },
        { integratedLufs: -16.3, truePeakDbtp: -1.8 },
      ),
    ).to.deep.equal([{ gainDb: 7 }, { gainDb: 7, ceilingDbtp: -5.3 }]);
  });

  it("is tried four times at most", () => {
    const wrong = { integratedLufs: -20, truePeakDbtp: -3 };

    expect(find(buildLog("-23.0", "-10.0"), wrong, wrong, wrong, wrong)).to.have.length(4);
  });

  it("limits peaks by 24 dB at most", () => {
    const wrong = { integratedLufs: -30, truePeakDbtp: -3 };

    expect(find(buildLog("-40.0", "0.0"), wrong, wrong)).to.deep.equal([{ gainDb: 21, ceilingDbtp: -3 }]);
  });

  it("is tried again only for the sources whose result is wrong", () => {
    const source = { integratedLufs: -23, truePeakDbtp: -12 };
    const tried: number[][] = [];
    const search = findLevels(-16, [source, source, source], function* (levels) {
      tried.push(levels.map(({ index }) => index));
      return levels.map(({ index }) =>
        index === 1 && tried.length === 1 ? { integratedLufs: -16, truePeakDbtp: -1 } : undefined,
      );
    });

    expect(search.next().value).to.deep.include({ gainDb: 7 });
    expect(tried).to.deep.equal([[0, 1, 2], [1]]);
  });

  it("leaves silence as it is", () => {
    expect(find(buildLog("-70.0", "-inf"), { truePeakDbtp: -Infinity })).to.deep.equal([{ gainDb: 0 }]);
    expect(find("", undefined)).to.deep.equal([{ gainDb: 0 }]);
  });
});
