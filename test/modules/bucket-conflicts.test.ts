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
      'stage "prod", inputBucket: films-in is also the inputBucket of stage "dev", so each upload would create a job in both and be paid for twice',
      'stage "prod", outputBucket: films-out is also the outputBucket of stage "dev", so the outputs of one would overwrite those of the other',
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
      'stage "dev", codeBucket: films-in is also the inputBucket of the same stage, but each needs a separate bucket',
      'stage "dev", logBucket: reelway-dev-logs is also the outputBucket of the same stage, but each needs a separate bucket',
      'stage "prod", inputBucket: films-logs is also the stateBucket of stage "dev", but each needs a separate bucket',
      'stage "prod", stateBucket: films is also the stateBucket of stage "dev", but each needs a separate bucket',
      'stage "prod", stateBucket: films-logs is also the stateBucket of stage "dev", but each needs a separate bucket',
      'stage "prod", stateBucket: films-logs is also the inputBucket of the same stage, but each needs a separate bucket',
    ]);
  });

  it("rejects a state bucket whose log bucket name is too long", () => {
    const stateBucket = "s".repeat(60);
    const stages = {
      dev: { inputBucket: "in-bucket", outputBucket: "out-bucket", stateBucket, region: "us-east-1" },
    };

    expect(problems(stages)).to.eql([
      `stage "dev", stateBucket: the name of its log bucket, ${stateBucket}-logs, has 65 characters; the maximum is 63`,
    ]);
  });
});
