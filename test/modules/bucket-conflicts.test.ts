import { expect } from "chai";
import { findBucketConflicts } from "../../modules/bucket-conflicts.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";

const routes = [
  {
    name: "ladder",
    extensions: ["mkv"],
    engine: "ffmpeg",
    recipe: { name: "ladder" },
    outputs: ["output/{path}{name}.{ext}/"],
  },
];
const problems = (stages: Readonly<Record<string, unknown>>): readonly string[] =>
  findBucketConflicts(parseConfiguration({ project: "reelway", stages, routes }));

describe("bucket conflicts", () => {
  it("rejects a bucket shared by two stages, and explains the consequence", () => {
    const stage = { inputBucket: "films-in", outputBucket: "films-out", region: "us-east-1" };

    expect(problems({ dev: stage, prod: stage })).to.eql([
      'stage "prod", inputBucket: films-in is the inputBucket of stage "dev" too, so each upload would be a job of both, and paid twice',
      'stage "prod", outputBucket: films-out is the outputBucket of stage "dev" too, so the outputs of one would overwrite the other\'s',
    ]);
  });

  it("rejects media, code, logs and state in one bucket, named or not", () => {
    const buckets = { inputBucket: "films-in", outputBucket: "reelway-dev-logs", codeBucket: "films-in" };
    const stages = {
      dev: { ...buckets, stateBucket: "films", region: "us-east-1" },
      prod: {
        inputBucket: "films-logs",
        outputBucket: "films-out",
        stateBucket: "films",
        region: "us-east-1",
      },
    };

    expect(problems(stages)).to.eql([
      'stage "dev", codeBucket: films-in is the inputBucket of the same stage too, and each needs one of its own',
      'stage "dev", logBucket: reelway-dev-logs is the outputBucket of the same stage too, and each needs one of its own',
      'stage "prod", inputBucket: films-logs is the stateBucket of stage "dev" too, and each needs one of its own',
      'stage "prod", stateBucket: films is the stateBucket of stage "dev" too, and each needs one of its own',
      'stage "prod", stateBucket: films-logs is the stateBucket of stage "dev" too, and each needs one of its own',
      'stage "prod", stateBucket: films-logs is the inputBucket of the same stage too, and each needs one of its own',
    ]);
  });

  it("rejects a state bucket whose log bucket name is too long", () => {
    const stateBucket = "s".repeat(60);
    const stages = {
      dev: { inputBucket: "in-bucket", outputBucket: "out-bucket", stateBucket, region: "us-east-1" },
    };

    expect(problems(stages)).to.eql([
      `stage "dev", stateBucket: the bucket of its access logs would be ${stateBucket}-logs, which has 65 characters; at most 63 are allowed`,
    ]);
  });
});
