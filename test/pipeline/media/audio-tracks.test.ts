import { expect } from "chai";
import {
  listAudioTrackGroups,
  selectMainAudio,
  selectMainTrack,
} from "../../../pipeline/media/audio-tracks.ts";
import type { AudioProbe } from "../../../pipeline/media/probe.ts";

const buildTrack = (index: number, more: Partial<AudioProbe> = {}): AudioProbe => ({
  index,
  codec: "pcm_s16le",
  channels: 1,
  sampleRate: 48_000,
  durationSeconds: 6,
  ...more,
});
const selectIndex = (...tracks: readonly Partial<AudioProbe>[]) =>
  selectMainTrack(tracks.map((more, index) => buildTrack(index, { channels: 2, ...more })))?.index;
const listIndexes = (tracks: readonly AudioProbe[], format = "mxf") =>
  listAudioTrackGroups({ formats: [format], audioTracks: tracks }).map((source) =>
    source.map(({ index }) => index),
  );

describe("the main audio track", () => {
  it("is the default one, else the first", () => {
    expect(selectIndex({}, { isDefault: true })).to.equal(1);
    expect(selectIndex({}, {})).to.equal(0);
    expect(selectIndex()).to.equal(undefined);
  });

  it("is a commentary or a track for impaired people only without any other", () => {
    expect(selectIndex({ isCommentary: true, isDefault: true }, {})).to.equal(1);
    expect(selectIndex({ isVisualImpaired: true }, { isHearingImpaired: true }, {})).to.equal(2);
    expect(selectIndex({ isCommentary: true }, { isVisualImpaired: true, isDefault: true })).to.equal(1);
  });

  it("has channels", () => {
    expect(selectIndex({ channels: 0, isDefault: true }, {})).to.equal(1);
  });
});

describe("mono tracks of a camera", () => {
  const [left, right] = [buildTrack(1), buildTrack(2)];

  it("are stereo in pairs", () => {
    expect(listIndexes([left, right])).to.deep.equal([[1, 2]]);
    expect(listIndexes([left, right, buildTrack(3), buildTrack(4), buildTrack(5)])).to.deep.equal([
      [1, 2],
      [3, 4],
      [5],
    ]);
    expect(listIndexes([left, right], "mov")).to.deep.equal([[1, 2]]);
    expect(listIndexes([left, right], "avi")).to.deep.equal([[1, 2]]);
  });

  it("are a pair whatever their number, default flag or a title that names the channel", () => {
    for (const [a, b] of [
      ["Track 1", "Track 2"],
      ["Left", "Right"],
      ["Camera L", "Camera R"],
      ["CH1", "CH2"],
    ])
      expect(
        listIndexes([
          { ...left, title: a, isDefault: true },
          { ...right, title: b },
        ]),
        `${a}, ${b}`,
      ).to.deep.equal([[1, 2]]);
  });

  it("are separate if the second is the default, because muxers mark the first", () => {
    expect(listIndexes([left, { ...right, isDefault: true }])).to.deep.equal([[1], [2]]);
    expect(
      listIndexes([
        { ...left, isDefault: true },
        { ...right, isDefault: true },
      ]),
    ).to.deep.equal([[1, 2]]);
  });

  it("are separate if they differ in length, language, title, kind, codec or channels", () => {
    for (const difference of [
      { durationSeconds: 5 },
      { title: "Русский" },
      { startSeconds: 1 },
      { language: "fra" },
      { title: "Director" },
      { isCommentary: true },
      { isVisualImpaired: true },
      { sampleRate: 44_100 },
      { codec: "aac" },
      { channels: 2 },
    ])
      expect(listIndexes([left, { ...right, ...difference }]), JSON.stringify(difference)).to.deep.equal([
        [1],
        [2],
      ]);
  });

  it("are separate in a file that no camera writes", () => {
    expect(listIndexes([left, right], "matroska")).to.deep.equal([[1], [2]]);
  });
});

describe("the main audio", () => {
  it("is the pair of the main track", () => {
    const tracks = [1, 2, 3, 4].map((index) => buildTrack(index));
    const probe = { formats: ["mxf"], audioTracks: tracks };

    expect(selectMainAudio({ ...probe, audio: tracks[3] })?.map(({ index }) => index)).to.deep.equal([3, 4]);
    expect(selectMainAudio(probe)?.map(({ index }) => index)).to.deep.equal([1, 2]);
  });

  it("is the only track of a probe without a list, and undefined without audio", () => {
    const audio = buildTrack(7);

    expect(selectMainAudio({ formats: ["mxf"], audio })).to.deep.equal([audio]);
    expect(selectMainAudio({ formats: ["mxf"] })).to.equal(undefined);
  });
});
