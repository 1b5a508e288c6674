import { expect } from "chai";
import {
  channelsSchema,
  parseChannels,
  selectChannels,
  serializeChannels,
} from "../../../pipeline/configuration/channels-schema.ts";
import { ConfigurationError, parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";

const news = {
  name: "news",
  manifestUrl: "https://live.example.com/news/index.m3u8",
  clipLabels: ["Person"],
};
const delta = {
  endpoint: "https://delta.example.com",
  user: "reelway",
  secret: "reelway/delta",
  contentId: "7",
};

const findProblems = (...channels: readonly unknown[]): readonly string[] => {
  try {
    parseConfiguration({ ...defaults, channels });
    return [];
  } catch (cause) {
    if (cause instanceof ConfigurationError) return cause.problems;
    throw cause;
  }
};

describe("channels in the configuration", () => {
  it("are optional, and have defaults", () => {
    expect(parseConfiguration(defaults).channels).to.deep.equal([]);
    expect(parseConfiguration({ ...defaults, channels: [news] }).channels).to.deep.equal([
      {
        ...news,
        allowedHosts: [],
        listLabels: "all",
        sceneThreshold: 0.2,
        maxGapSeconds: 5,
        absentFrames: 2,
        celebrities: false,
        paddingSeconds: 0,
        retentionDays: 30,
        maxDetectionsPerHour: 1000,
        maxUsdPerDay: 10,
        cut: "frame",
        clipper: "worker",
        intervalMinutes: 1,
        memoryMiB: 2048,
      },
    ]);
  });

  it("accept every field", () => {
    expect(
      findProblems(
        {
          ...news,
          stages: ["dev", "local"],
          allowedHosts: ["cdn.example.com:8443", "*.example.net"],
          listLabels: ["Car"],
          minConfidence: 0,
          celebrities: true,
          clipper: { elementalDelta: delta },
          activeHours: { from: 20, to: 4, timeZone: "Europe/Berlin" },
          memoryMiB: 10_240,
          intervalMinutes: 60,
        },
        {
          name: "test",
          manifestUrl: "http://127.0.0.1:8080/live.m3u8",
          stages: ["local"],
          detector: "recorded",
          recordedDetections: "./detections.json",
          maxUsdPerDay: 0.0001,
        },
      ),
    ).to.deep.equal([]);
  });

  for (const [title, fields, problems] of [
    ["a URL without a scheme", { manifestUrl: "live.example.com" }, ["manifestUrl: is not a valid URL"]],
    ["http", { manifestUrl: "http://live.example.com/" }, ["manifestUrl: must begin with https://"]],
    [
      "http elsewhere than on loopback, on one machine",
      { manifestUrl: "http://10.0.0.1/", stages: ["local"] },
      ["manifestUrl: must begin with https://"],
    ],
    [
      "an IP address",
      { manifestUrl: "https://169.254.169.254/" },
      ["manifestUrl: must have a host name, such as media.example.com, instead of an IP address"],
    ],
    [
      "loopback on AWS",
      { manifestUrl: "http://localhost:8080/", stages: ["local", "dev"] },
      ['manifestUrl: is on loopback, which only the runtime on one machine can reach; set stages: ["local"]'],
    ],
    [
      "credentials in the URL",
      { manifestUrl: "https://ann:secret@live.example.com/" },
      ["manifestUrl: must not contain a user name or a password"],
    ],
    [
      "a fragment",
      { manifestUrl: "https://live.example.com/#a" },
      ["manifestUrl: must not contain a fragment (#…)"],
    ],
    [
      "a host that is none",
      { allowedHosts: ["cdn.example.com", "*.com"] },
      [
        'allowedHosts.1: The allowed host "*.com" allows every host of a top-level domain. Examples: cdn.example.com, *.example.com, cdn.example.com:8443, [2001:db8::1].',
      ],
    ],
    [
      "an unknown stage",
      { stages: ["test"] },
      ['stages: stage "test" does not exist; available stages: dev, prod, local'],
    ],
    [
      "no label",
      { clipLabels: [], listLabels: [] },
      ["clipLabels: must not be empty if listLabels is empty: the channel would find nothing"],
    ],
    [
      "a label in both lists and one that is repeated",
      { clipLabels: ["Person", "person"], listLabels: ["PERSON", "Car"] },
      [
        'clipLabels.1: "person" is named twice',
        'listLabels.0: "PERSON" is also in clipLabels, whose labels are listed too',
      ],
    ],
    [
      "a label with white space at its ends",
      { clipLabels: [" Person"] },
      ["clipLabels.0: must be the name of a label, without white space at its ends"],
    ],
    [
      "a detector of one machine on AWS",
      { detector: "human" },
      ['detector: "human" runs on one machine only; set stages: ["local"], or use rekognition on AWS'],
    ],
    [
      "recorded detections without a file, on AWS",
      { detector: "recorded", stages: ["dev", "local"] },
      [
        'detector: "recorded" runs on one machine only; set stages: ["local"], or use rekognition on AWS',
        "recordedDetections: is required with detector recorded: the path of a JSON file",
      ],
    ],
    [
      "a file of recorded detections for another detector",
      { recordedDetections: "./detections.json" },
      ["recordedDetections: is only for detector recorded"],
    ],
    [
      "celebrities that the detector cannot recognize",
      { celebrities: true, stages: ["local"] },
      ["celebrities: the detector human recognizes none; use rekognition or false"],
    ],
    [
      "a cap below one detection",
      { celebrities: true, maxUsdPerDay: 0.0015 },
      ["maxUsdPerDay: is less than the price of one detection, 0.002 dollars"],
    ],
    [
      "hours without a time zone of the IANA database",
      { activeHours: { from: 8, to: 20, timeZone: "+01:00" } },
      ["activeHours.timeZone: must be a time zone of the IANA database, such as Europe/Berlin or UTC"],
    ],
    [
      "hours that are none",
      { activeHours: { from: 0, to: 24, timeZone: "UTC" } },
      ["activeHours: from and to are the same hour; leave activeHours out to watch all day"],
    ],
    [
      "an endpoint of Elemental Delta without TLS",
      { clipper: { elementalDelta: { ...delta, endpoint: "http://delta.example.com" } } },
      ["clipper.elementalDelta.endpoint: must begin with https://"],
    ],
    [
      "a setting of Elemental Delta that is missing",
      { clipper: { elementalDelta: { ...delta, contentId: undefined } } },
      [
        'clipper: must be "worker" or { elementalDelta: { endpoint, user, secret, contentId } }: elementalDelta.contentId: Invalid input: expected string, received undefined',
      ],
    ],
  ] as const)
    it(`refuse ${title}`, () => {
      expect(findProblems({ ...news, ...fields })).to.deep.equal(
        problems.map((problem) => `channel "news", ${problem}`),
      );
    });

  it("refuse values out of range, and unknown fields, with the name of the field", () => {
    for (const [field, values] of Object.entries({
      name: ["", "News", "a--b", "a-", "1a", "a".repeat(33)],
      minConfidence: [-1, 101],
      sceneThreshold: [-0.1, 1.1],
      maxGapSeconds: [0, 3601],
      absentFrames: [0, 1.5],
      paddingSeconds: [-1],
      retentionDays: [0, 0.5],
      maxDetectionsPerHour: [0],
      maxUsdPerDay: [0, -1],
      cut: ["second"],
      intervalMinutes: [0, 61],
      memoryMiB: [511, 10_241],
      listLabels: ["some"],
    }))
      for (const value of values)
        expect(findProblems({ ...news, [field]: value }), `${field} ${value}`)
          .to.have.length(1)
          .and.satisfy(([problem]: readonly string[]) => problem?.includes(`", ${field}: `));
    expect(findProblems({ ...news, colour: true })).to.deep.equal([
      'channel "news", itself: Unrecognized key: "colour"',
    ]);
    expect(findProblems(news, { ...news, manifestUrl: "https://live.example.com/2.m3u8" })).to.deep.equal([
      'channel "news", name: is used twice',
    ]);
    expect(
      findProblems(...Array.from({ length: 21 }, (_, index) => ({ ...news, name: `c${index}` }))),
    ).to.have.length(1);
  });

  it("belong to every stage on AWS, or to the stages that they name", () => {
    const channels = channelsSchema.parse([
      news,
      { ...news, name: "sports", stages: ["prod", "local"] },
      { ...news, name: "test", stages: ["local"], detector: "rekognition", minConfidence: 55 },
    ]);
    const select = (stage: string) =>
      selectChannels(channels, stage).map(({ name, detector, minConfidence }) => [
        name,
        detector,
        minConfidence,
      ]);

    expect([select("dev"), select("prod"), select("local")]).to.deep.equal([
      [["news", "rekognition", 80]],
      [
        ["news", "rekognition", 80],
        ["sports", "rekognition", 80],
      ],
      [
        ["sports", "human", 40],
        ["test", "rekognition", 55],
      ],
    ]);
  });

  it("survive the round trip to the watcher", () => {
    const channels = selectChannels(
      channelsSchema.parse([news, { ...news, name: "sports", clipper: { elementalDelta: delta } }]),
      "prod",
    );
    expect(channels).to.have.length(2);
    expect(parseChannels(serializeChannels(channels))).to.deep.equal(channels);
    expect(() => parseChannels(JSON.stringify([news]))).to.throw(/detector/);
  });
});
