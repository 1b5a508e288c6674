import { expect } from "chai";
import { listAudioRenditions } from "../../../pipeline/media/audio-renditions.ts";
import { normalizeLanguage } from "../../../pipeline/media/language.ts";
import type { AudioProbe } from "../../../pipeline/media/probe.ts";

const list = (tracks: readonly Partial<AudioProbe>[], main = 0, format = "matroska") => {
  const audioTracks = tracks.map((more, index) => ({
    index,
    codec: "aac",
    channels: 2,
    sampleRate: 48_000,
    ...more,
  }));
  return listAudioRenditions({ formats: [format], audio: audioTracks[main], audioTracks });
};
const listNames = (...parameters: Parameters<typeof list>) =>
  list(...parameters).map(({ name, language }) => [name, language]);

describe("audio renditions", () => {
  it("begin with the main audio, the only default one", () => {
    const renditions = list([{ isCommentary: true }, { isDefault: true }, { isVisualImpaired: true }], 1);

    expect(
      renditions.map(({ tracks, isDefault, isCommentary, isDescription }) => ({
        index: tracks[0].index,
        isDefault,
        isCommentary,
        isDescription,
      })),
    ).to.deep.equal([
      { index: 1, isDefault: true, isCommentary: false, isDescription: false },
      { index: 0, isDefault: false, isCommentary: true, isDescription: false },
      { index: 2, isDefault: false, isCommentary: false, isDescription: true },
    ]);
  });

  it("are named by title, else by language, else by number", () => {
    expect(
      listNames([{ title: " Original \n mix ", language: "eng" }, { language: "ger" }, {}, { title: " " }]),
    ).to.deep.equal([
      ["Original mix", "en"],
      ["German", "de"],
      ["Audio 3", undefined],
      ["Audio 4", undefined],
    ]);
  });

  it("have unique names that say what they are", () => {
    expect(
      listNames([
        { language: "eng" },
        { language: "eng" },
        { language: "eng", isVisualImpaired: true },
        { language: "eng", isCommentary: true },
      ]).map(([name]) => name),
    ).to.deep.equal(["English", "English 2", "English (audio description)", "English (commentary)"]);
  });

  it("count a pair of mono tracks once, without the name of a channel", () => {
    const [first, second] = list(
      [
        { channels: 1, title: "Left" },
        { channels: 1, title: "Right" },
        { channels: 1, title: "Boom" },
      ],
      0,
      "mov",
    );

    expect([first?.name, first?.tracks.map(({ index }) => index)]).to.deep.equal(["Audio 1", [0, 1]]);
    expect(second?.name).to.equal("Boom");
  });

  it("are at most eight, none without audio", () => {
    const tracks = Array.from({ length: 10 }, () => ({}));

    expect(list(tracks, 9).map(({ tracks: [{ index }] }) => index)).to.deep.equal([9, 0, 1, 2, 3, 4, 5, 6]);
    expect(listAudioRenditions({ formats: ["mov"] })).to.deep.equal([]);
  });
});

describe("a track's language", () => {
  it("is converted to BCP 47", () => {
    expect(["fre", "fra", "chi", "zh-Hans", "EN-us", "gsw"].map(normalizeLanguage)).to.deep.equal([
      "fr",
      "fr",
      "zh",
      "zh-Hans",
      "en-US",
      "gsw",
    ]);
  });

  it("is undefined if it is unknown or not valid", () => {
    expect([undefined, "und", "", "e", "english", "en us"].map(normalizeLanguage)).to.deep.equal(
      Array.from({ length: 6 }, () => undefined),
    );
  });
});
