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

  it("keeps given limits", () => {
    const parsed = parseConfiguration(configuration({ limits: { maxJobsPerHour: 7 } }));
    expect({
      maxJobsPerHour: parsed.limits.maxJobsPerHour,
      maxSourceMinutes: parsed.limits.maxSourceMinutes,
    }).to.eql({ maxJobsPerHour: 7, maxSourceMinutes: 240 });
  });

  it("names the route and the field of a mistake", () => {
    const reported = problems(
      configuration({ routes: [{ ...ladder, recipe: { name: "ladder", segmentSeconds: "long" } }] }),
    );
    expect(reported).to.have.length(1);
    expect(reported[0]).to.match(/^route "ladder", recipe\.segmentSeconds: /);
  });

  it("collects all mistakes of a configuration", () => {
    const reported = problems(
      configuration({
        colour: "blue",
        project: "Not A Name",
        routes: [
          { ...ladder, prefix: "movies" },
          { ...web, extensions: [".MP4"] },
        ],
      }),
    );
    expect(reported).to.have.length(4);
    expect(reported.join("\n"))
      .to.include('route "ladder", prefix: must be empty or end in a slash')
      .and.include('route "web", extensions.0: must be lower case, without the dot')
      .and.include("project")
      .and.include("colour");
  });

  it("rejects projects whose names AWS would reject", () => {
    for (const project of ["films-", "old--films", "sg", "sg-films", "f", "f".repeat(17)])
      expect(problems(configuration({ project })), project).to.have.length(1);
    for (const project of ["films", "old-films-2", "sgt", "f".repeat(16)])
      expect(problems(configuration({ project })), project).to.deep.equal([]);
  });

  const stage = (settings: Record<string, unknown>) =>
    problems(
      configuration({
        stages: {
          dev: { inputBucket: "in-bucket", outputBucket: "out-bucket", region: "us-east-1", ...settings },
        },
      }),
    );

  it("accepts Regions of the commercial partition only", () => {
    for (const region of ["us-east-1", "ap-southeast-7", "mx-central-1", "il-central-1"])
      expect(stage({ region }), region).to.deep.equal([]);
    for (const region of ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"])
      expect(stage({ region }).join(), region).to.include("must be a Region of the commercial partition");
    for (const region of ["us-east", "eusc-de-east-1", "US-EAST-1"])
      expect(stage({ region }).join(), region).to.include("must be an AWS region");
  });

  it("requires both ids of a GitHub repository, or neither", () => {
    const repository = "example/films";
    for (const ids of [{}, { ownerId: 1, repositoryId: 2 }, { ownerId: "1", repositoryId: "2" }])
      expect(stage({ github: { repository, ...ids } })).to.deep.equal([]);
    for (const ids of [{ ownerId: 1 }, { repositoryId: "2" }, { ownerId: "*", repositoryId: 2 }])
      expect(stage({ github: { repository, ...ids } }), JSON.stringify(ids)).to.have.length(1);
  });

  it("limits the time of a run to two days", () => {
    expect(stage({ worker: { maxRunHours: 0.5 } })).to.deep.equal([]);
    for (const maxRunHours of [0, 49]) expect(stage({ worker: { maxRunHours } })).to.have.length(1);
  });

  it("lets only the owner of existing buckets send their events", () => {
    expect(stage({ bucketEvents: "external", existingBuckets: true })).to.deep.equal([]);
    expect(stage({ bucketEvents: "external" })).to.deep.equal([
      'stage "dev", bucketEvents: "external" requires existingBuckets: true',
    ]);
  });

  it("identifies a route without a name by its number", () => {
    const { name: _, ...nameless } = ladder;
    expect(problems(configuration({ routes: [nameless] }))[0]).to.match(/^route "number 1", name: /);
  });

  it("collects all conflicts of a valid configuration", () => {
    const reported = problems(
      configuration({
        routes: [ladder, { ...ladder, extensions: ["mkv"] }, { ...web, preset: "1351620000001-999999" }],
        stages: { dev: { inputBucket: "one-bucket", outputBucket: "one-bucket", region: "us-east-1" } },
      }),
    );
    expect(reported).to.have.length(4);
    expect(reported.join("\n"))
      .to.include('route "ladder", name: is used twice')
      .and.include('route "ladder", extensions: "mkv" under prefix "" is already used by route "ladder"')
      .and.include('route "web", preset: 1351620000001-999999 is not a system preset')
      .and.include('stage "dev", outputBucket: is also its input bucket');
  });

  it("accepts hooks inside the project only", () => {
    const hooks = (onOutput: string) => problems(configuration({ hooks: { onOutput } }));

    expect(parseConfiguration(configuration()).hooks).to.deep.equal({});
    for (const path of ["./on-output.ts", "./hooks/..a/on.output.mjs"]) expect(hooks(path)).to.deep.equal([]);
    for (const path of ["hooks/a.ts", "/a.ts", "../a.ts", "./../a.ts", "./a/../b.ts", "./hooks/", "./a.json"])
      expect(hooks(path), path).to.deep.equal([
        "hooks.onOutput: must be the path of a TypeScript or JavaScript file in the project's folder, such as ./hooks/on-output.ts",
      ]);
    expect(problems(configuration({ hooks: { onoutput: "./a.ts" } }))).to.have.length(1);
  });

  it("rejects two extensions with the same output name", () => {
    const reported = problems(configuration({ routes: [{ ...web, outputs: ["output/{path}{name}.mp4"] }] }));
    expect(reported).to.eql([
      'route "web", outputs: more than one source or output would write output/name.mp4; add {ext}',
    ]);
  });

  it("lets one extension be omitted from the output's name", () => {
    expect(
      problems(
        configuration({ routes: [{ ...web, extensions: ["mp4"], outputs: ["output/{path}{name}.mp4"] }] }),
      ),
    ).to.eql([]);
  });

  it("rejects an output bucket that another stage reads from, and names the affected route", () => {
    const reported = problems(
      configuration({
        stages: {
          dev: { inputBucket: "bucket-a", outputBucket: "bucket-b", region: "us-east-1" },
          prod: { inputBucket: "bucket-b", outputBucket: "bucket-c", region: "us-east-1" },
        },
      }),
    );
    expect(reported).to.have.length(1);
    expect(reported[0])
      .to.include('stage "dev", outputBucket: is the input bucket of stage "prod"')
      .and.include("would trigger route");
  });

  it("rejects a second route under the prefix of a direct route", () => {
    const direct = { ...ladder, name: "direct", prefix: "direct/", trigger: "eventbridge" };
    const below = { ...web, prefix: "direct/web/" };
    const otherRoute = { ...ladder, name: "beside", extensions: ["avi"], prefix: "direct/" };

    expect(problems(configuration({ routes: [ladder, direct, below, otherRoute] }))).to.eql([
      'route "direct", trigger: its rule would also start a worker for every upload of route "web", whose prefix begins with "direct/"; use another prefix for "direct", or trigger lambda',
      'route "direct", trigger: its rule would also start a worker for every upload of route "beside", whose prefix begins with "direct/"; use another prefix for "direct", or trigger lambda',
    ]);
    expect(problems(configuration({ routes: [web, direct, { ...below, prefix: "web/direct/" }] }))).to.eql([
      'route "web", name: is used twice',
    ]);
  });

  it("rejects an unknown placeholder", () => {
    expect(problems(configuration({ routes: [{ ...ladder, outputs: ["output/{folder}/"] }] }))[0]).to.include(
      'route "ladder", outputs.0: has an unknown placeholder',
    );
  });

  it("rejects a file for a recipe that writes a folder, and two folders", () => {
    const reported = problems(
      configuration({
        routes: [
          { ...ladder, outputs: ["output/{path}{name}.{ext}"] },
          { ...web, outputs: ["a/{key}.mp4", "b/{key}.mp4"] },
        ],
      }),
    );
    expect(reported).to.have.length(2);
    expect(reported[0]).to.include("writes a folder");
    expect(reported[1]).to.include("writes one output, got: 2");
  });

  it("rejects the eventbridge trigger for elastic-transcoder", () => {
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

  it("names recipe and field of an invalid Fargate size", () => {
    const sizes = { ladder: { cpu: 4096, memory: 1000 }, audio: { cpu: 100, memory: 512 }, gif: {} };
    expect(problems(configuration({ taskSizes: sizes }))).to.eql([
      "taskSizes.audio.cpu: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 CPU units, got: 100",
      "taskSizes.ladder.memory: with 4096 CPU units must be 8192 to 30720 in steps of 1024 MiB, got: 1000",
      'taskSizes: Unrecognized key: "gif"',
    ]);
  });

  it("names an unknown option", () => {
    expect(problems(configuration({ retiredOption: true }))).to.eql(['Unrecognized key: "retiredOption"']);
  });

  it("keeps default sizes of other recipes", () => {
    const { taskSizes } = parseConfiguration(
      configuration({ taskSizes: { clip: { cpu: 8192, memory: 16_384 } } }),
    );
    expect([taskSizes.clip, taskSizes.thumbnail]).to.eql([
      { cpu: 8192, memory: 16_384 },
      { cpu: 1024, memory: 2048 },
    ]);
  });

  it("returns what defineConfiguration received", () => {
    const input: ConfigurationInput = { project: "reelway", stages: {}, routes: [] };
    expect(defineConfig(input)).to.equal(input);
  });
});

describe("job configuration", () => {
  it("survives the round trip through a bundle", () => {
    const parsed = parseConfiguration(defaults);
    const { project, stages, hooks, webhooks, channels, transcoderPresets, ...carried } = parsed;
    expect(parseJobConfiguration(serializeJobConfiguration(parsed))).to.eql(carried);
  });

  it("rejects an invalid preset", () => {
    const parsed = parseConfiguration(defaults);
    const broken = JSON.stringify({ ...parsed, presets: { x: {} } });
    expect(() => parseJobConfiguration(broken)).to.throw(/presets/);
    expect(() => parseJobConfiguration(JSON.stringify({ ...parsed, taskSizes: undefined }))).to.throw(
      /taskSizes/,
    );
  });
});
