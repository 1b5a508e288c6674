import { expect } from "chai";
import {
  parseJobConfiguration,
  serializeJobConfiguration,
} from "../../../pipeline/configuration/job-configuration.ts";
import {
  ConfigurationError,
  type ConfigurationInput,
  defineConfig,
  parseConfiguration,
} from "../../../pipeline/configuration/schema.ts";
import defaults from "../../../reelway.config.ts";

const ladder = {
  name: "ladder",
  extensions: ["mkv"],
  engine: "ffmpeg",
  recipe: { name: "ladder" },
  outputs: ["output/{path}{name}.{ext}/"],
} as const;
const web = {
  name: "web",
  extensions: ["mp4", "mov"],
  engine: "elastic-transcoder",
  preset: "1351620000001-100070",
  outputs: ["output/web/{path}{name|mp4}.mp4"],
} as const;
const configuration = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  project: "reelway",
  stages: { dev: { inputBucket: "in-bucket", outputBucket: "out-bucket", region: "us-east-1" } },
  routes: [ladder, web],
  ...change,
});
const problems = (value: unknown): readonly string[] => {
  try {
    parseConfiguration(value);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
};

describe("parseConfiguration", () => {
  it("accepts the default configuration", () => {
    const parsed = parseConfiguration(defaults);
    expect(parsed.routes.map(({ name, prefix, trigger, engine }) => [name, prefix, trigger, engine])).to.eql([
      ["thumbnails", "thumbnails/", "lambda", "ffmpeg"],
      ["watermarks", "unprocessed-videos/", "lambda", "ffmpeg"],
      ["images", "images/", "eventbridge", "ffmpeg"],
      ["responses", "responses/", "lambda", "elastic-transcoder"],
      ["web", "", "lambda", "elastic-transcoder"],
      ["ladder", "", "lambda", "ffmpeg"],
      ["audio", "", "lambda", "ffmpeg"],
    ]);
    expect(Object.keys(parsed.presets)).to.eql(["1351620000001-100070"]);
  });

  it("fills in limits and ignored assets", () => {
    const { limits, ignored } = parseConfiguration(configuration());
    expect(limits).to.eql({
      maxJobsPerHour: 1000,
      maxSourceMinutes: 240,
      maxSourceBytes: 50 * 2 ** 30,
      maxVideoPixels: 8192 * 4320,
      maxImagePixels: 64_000_000,
      retryBackoffSeconds: 30,
    });
    expect(ignored).to.eql({
      prefixes: ["watermarks/"],
      extensions: ["srt", "vtt", "scc", "dfxp", "json"],
    });
  });

  it("keeps limits that are given", () => {
    const parsed = parseConfiguration(configuration({ limits: { maxJobsPerHour: 7 } }));
    expect({
      maxJobsPerHour: parsed.limits.maxJobsPerHour,
      maxSourceMinutes: parsed.limits.maxSourceMinutes,
    }).to.eql({ maxJobsPerHour: 7, maxSourceMinutes: 240 });
  });

  it("names the route and the field of a mistake", () => {
    const found = problems(
      configuration({ routes: [{ ...ladder, recipe: { name: "ladder", segmentSeconds: "long" } }] }),
    );
    expect(found).to.have.length(1);
    expect(found[0]).to.match(/^route "ladder", recipe\.segmentSeconds: /);
  });

  it("collects all mistakes of a configuration", () => {
    const found = problems(
      configuration({
        colour: "blue",
        project: "Not A Name",
        routes: [
          { ...ladder, prefix: "movies" },
          { ...web, extensions: [".MP4"] },
        ],
      }),
    );
    expect(found).to.have.length(4);
    expect(found.join("\n"))
      .to.include('route "ladder", prefix: must be empty or end in a slash')
      .and.include('route "web", extensions.0: must be lower case, without the dot')
      .and.include("project")
      .and.include("colour");
  });

  it("refuses projects of which AWS would refuse some name", () => {
    for (const project of ["films-", "old--films", "sg", "sg-films", "f", "f".repeat(17)])
      expect(problems(configuration({ project })), project).to.have.length(1);
    for (const project of ["films", "old-films-2", "sgt", "f".repeat(16)])
      expect(problems(configuration({ project })), project).to.deep.equal([]);
  });

  it("numbers a route without a name", () => {
    const { name: _, ...nameless } = ladder;
    expect(problems(configuration({ routes: [nameless] }))[0]).to.match(/^route "number 1", name: /);
  });

  it("collects all contradictions of a well-formed configuration", () => {
    const found = problems(
      configuration({
        routes: [ladder, { ...ladder, extensions: ["mkv"] }, { ...web, preset: "1351620000001-999999" }],
        stages: { dev: { inputBucket: "one-bucket", outputBucket: "one-bucket", region: "us-east-1" } },
      }),
    );
    expect(found).to.have.length(4);
    expect(found.join("\n"))
      .to.include('route "ladder", name: is used twice')
      .and.include('route "ladder", extensions: "mkv" under prefix "" is already used by route "ladder"')
      .and.include('route "web", preset: 1351620000001-999999 is not a system preset')
      .and.include('stage "dev", outputBucket: is also its input bucket');
  });

  it("refuses two extensions that would write one name", () => {
    const found = problems(configuration({ routes: [{ ...web, outputs: ["output/{path}{name}.mp4"] }] }));
    expect(found).to.eql([
      'route "web", outputs: more than one source or output would write output/name.mp4; add {ext}',
    ]);
  });

  it("allows one extension to be left out of the output's name", () => {
    expect(
      problems(
        configuration({ routes: [{ ...web, extensions: ["mp4"], outputs: ["output/{path}{name}.mp4"] }] }),
      ),
    ).to.eql([]);
  });

  it("refuses an output bucket that another stage reads from, and names what it would trigger", () => {
    const found = problems(
      configuration({
        stages: {
          dev: { inputBucket: "bucket-a", outputBucket: "bucket-b", region: "us-east-1" },
          prod: { inputBucket: "bucket-b", outputBucket: "bucket-c", region: "us-east-1" },
        },
      }),
    );
    expect(found).to.have.length(1);
    expect(found[0])
      .to.include('stage "dev", outputBucket: is the input bucket of stage "prod"')
      .and.include("would trigger route");
  });

  it("refuses another route under the prefix of one that EventBridge starts", () => {
    const direct = { ...ladder, name: "direct", prefix: "direct/", trigger: "eventbridge" };
    const below = { ...web, prefix: "direct/web/" };
    const beside = { ...ladder, name: "beside", extensions: ["avi"], prefix: "direct/" };

    expect(problems(configuration({ routes: [ladder, direct, below, beside] }))).to.eql([
      'route "direct", trigger: its rule would also start a worker for every upload of route "web", whose prefix begins with "direct/"; use another prefix for "direct", or trigger lambda',
      'route "direct", trigger: its rule would also start a worker for every upload of route "beside", whose prefix begins with "direct/"; use another prefix for "direct", or trigger lambda',
    ]);
    expect(problems(configuration({ routes: [web, direct, { ...below, prefix: "web/direct/" }] }))).to.eql([
      'route "web", name: is used twice',
    ]);
  });

  it("refuses a placeholder that does not exist", () => {
    expect(problems(configuration({ routes: [{ ...ladder, outputs: ["output/{folder}/"] }] }))[0]).to.include(
      'route "ladder", outputs.0: has an unknown placeholder',
    );
  });

  it("refuses a file where a recipe makes a folder, and two outputs where it makes one", () => {
    const found = problems(
      configuration({
        routes: [
          { ...ladder, outputs: ["output/{path}{name}.{ext}"] },
          { ...web, outputs: ["a/{key}.mp4", "b/{key}.mp4"] },
        ],
      }),
    );
    expect(found).to.have.length(2);
    expect(found[0]).to.include("writes a folder");
    expect(found[1]).to.include("writes one output, got: 2");
  });

  it("refuses EventBridge as the trigger of the transcoder", () => {
    expect(problems(configuration({ routes: [{ ...web, trigger: "eventbridge" }] }))[0]).to.include(
      'route "web", trigger: eventbridge starts a worker',
    );
  });

  it("resolves the preset of a transcode recipe", () => {
    const route = {
      name: "hd",
      extensions: ["mp4"],
      engine: "ffmpeg",
      recipe: { name: "transcode", preset: "1351620000001-000010" },
      outputs: ["hd/{key}.mp4"],
    };
    expect(
      parseConfiguration(configuration({ routes: [route] })).presets["1351620000001-000010"]?.Id,
    ).to.equal("1351620000001-000010");
  });

  it("names recipe and field of a size that Fargate does not offer", () => {
    const sizes = { ladder: { cpu: 4096, memory: 1000 }, audio: { cpu: 100, memory: 512 }, gif: {} };
    expect(problems(configuration({ taskSizes: sizes }))).to.eql([
      "taskSizes.audio.cpu: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 CPU units, got: 100",
      "taskSizes.ladder.memory: with 4096 CPU units must be 8192 to 30720 in steps of 1024 MiB, got: 1000",
      'taskSizes: Unrecognized key: "gif"',
    ]);
  });

  it("keeps the usual sizes of recipes that are not named", () => {
    const { taskSizes } = parseConfiguration(
      configuration({ taskSizes: { clip: { cpu: 8192, memory: 16_384 } } }),
    );
    expect([taskSizes.clip, taskSizes.thumbnail]).to.eql([
      { cpu: 8192, memory: 16_384 },
      { cpu: 1024, memory: 2048 },
    ]);
  });

  it("answers what defineConfiguration was given", () => {
    const given: ConfigurationInput = { project: "reelway", stages: {}, routes: [] };
    expect(defineConfig(given)).to.equal(given);
  });
});

describe("job configuration", () => {
  it("survives its way through a bundle", () => {
    const parsed = parseConfiguration(defaults);
    const { project, stages, transcoderPresets, ...carried } = parsed;
    expect(parseJobConfiguration(serializeJobConfiguration(parsed))).to.eql(carried);
  });

  it("is refused where a preset is none", () => {
    const parsed = parseConfiguration(defaults);
    const broken = JSON.stringify({ ...parsed, presets: { x: {} } });
    expect(() => parseJobConfiguration(broken)).to.throw(/presets/);
    expect(() => parseJobConfiguration(JSON.stringify({ ...parsed, taskSizes: undefined }))).to.throw(
      /taskSizes/,
    );
  });
});
