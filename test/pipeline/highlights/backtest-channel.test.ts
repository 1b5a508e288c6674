import { expect } from "chai";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import {
  buildBacktestChannel,
  getChannelDetector,
  normalizeClipLabels,
} from "../../../pipeline/highlights/backtest-channel.ts";
import input from "../../../reelway.config.ts";

const url = "http://127.0.0.1:5000/index.m3u8";
const parseChannel = (settings: object) => {
  const channel = { name: "news", manifestUrl: "https://live.example.com/a.m3u8", ...settings };
  const [parsed] = parseConfiguration({ ...input, channels: [channel] }).channels;
  if (parsed === undefined) throw new Error("The configuration has no channel.");
  return parsed;
};

describe("the channel of a backtest", () => {
  it("has the defaults of a channel and of the detector, and no caps", () => {
    const channel = buildBacktestChannel(undefined, url, { detector: "rekognition", clipLabels: ["Cup"] });

    expect(channel).to.include({ manifestUrl: url, minConfidence: 80, sceneThreshold: 0.2, absentFrames: 2 });
    expect(channel.clipLabels).to.deep.equal(["Cup"]);
    expect(Math.min(channel.maxDetectionsPerHour, channel.maxUsdPerDay)).to.be.above(1e12);
  });

  it("has the settings of a configured channel, its confidence for its own detector alone", () => {
    const configured = parseChannel({ minConfidence: 91, maxGapSeconds: 3, celebrities: true });
    const build = (detector: "rekognition" | "human") =>
      buildBacktestChannel(configured, url, { detector, clipLabels: ["Cup"], absentFrames: 4, maxUsd: 2 });

    expect(build("rekognition")).to.include({
      ...{ name: "news", minConfidence: 91, maxGapSeconds: 3, absentFrames: 4, celebrities: true },
      maxUsdPerDay: 2,
    });
    expect(build("human")).to.include({ minConfidence: 40, celebrities: false });
  });

  it("knows the detector of a channel", () => {
    expect(getChannelDetector(parseChannel({}))).to.equal("rekognition");
    expect(getChannelDetector(parseChannel({ stages: ["local"] }))).to.equal("human");
    expect(getChannelDetector(parseChannel({ detector: "human", stages: ["local"] }))).to.equal("human");
  });

  it("searches each label once", () => {
    expect(normalizeClipLabels(["Cup", " cup ", "Person", "Cup"])).to.deep.equal(["Cup", "Person"]);
  });
});
