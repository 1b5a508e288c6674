import { expect } from "chai";
import fc from "fast-check";
import { findNextTaskSize, findTaskSizeProblem } from "../../../pipeline/attempts/task-size.ts";
import { parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import type { TaskSize } from "../../../pipeline/ports/task-runner.ts";
import { findLargestTaskSize, getRouteTaskSize } from "../../../pipeline/routing/task-sizes.ts";
import defaults from "../../../reelway.config.ts";

const { taskSizes, routes } = parseConfiguration(defaults);

describe("task sizes", () => {
  const next: readonly (readonly [TaskSize, TaskSize | undefined])[] = [
    [
      { cpu: 256, memory: 512 },
      { cpu: 256, memory: 1024 },
    ],
    [
      { cpu: 256, memory: 2048 },
      { cpu: 512, memory: 3072 },
    ],
    [
      { cpu: 512, memory: 4096 },
      { cpu: 1024, memory: 5120 },
    ],
    [
      { cpu: 4096, memory: 30_720 },
      { cpu: 8192, memory: 32_768 },
    ],
    [
      { cpu: 8192, memory: 16_384 },
      { cpu: 8192, memory: 20_480 },
    ],
    [{ cpu: 16_384, memory: 122_880 }, undefined],
  ];
  for (const [size, larger] of next)
    it(`have a next size after ${size.cpu} units with ${size.memory} MiB`, () => {
      expect(findNextTaskSize(size)).to.deep.equal(larger);
    });

  it("reach the largest Fargate size by valid steps only", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16_384 }),
        fc.integer({ min: 1, max: 122_880 }),
        (cpu, memory) => {
          let last: TaskSize | undefined;
          for (
            let size = findNextTaskSize({ cpu, memory });
            size !== undefined;
            size = findNextTaskSize(size)
          ) {
            expect(findTaskSizeProblem(size)).to.equal(undefined);
            expect(size.memory).to.be.greaterThan(last?.memory ?? memory);
            last = size;
          }
          expect(last ?? { cpu: 16_384, memory: 122_880 }).to.deep.equal({ cpu: 16_384, memory: 122_880 });
        },
      ),
      { numRuns: 50 },
    );
  });

  it("report the invalid field and the valid values", () => {
    expect(findTaskSizeProblem({ cpu: 3000, memory: 4096 })).to.deep.equal({
      field: "cpu",
      message: "must be one of 256, 512, 1024, 2048, 4096, 8192, 16384 CPU units, got: 3000",
    });
    expect(findTaskSizeProblem({ cpu: 256, memory: 1536 })).to.deep.equal({
      field: "memory",
      message: "with 256 CPU units must be 512, or 1024 to 2048 in steps of 1024 MiB, got: 1536",
    });
    expect(findTaskSizeProblem({ cpu: 8192, memory: 18_432 })?.field).to.equal("memory");
  });

  it("are the same for all recipes, and the ladder's is the largest", () => {
    expect(routes.map((route) => [route.name, getRouteTaskSize(taskSizes, route).cpu])).to.deep.equal([
      ["thumbnails", 1024],
      ["watermarks", 2048],
      ["images", 1024],
      ["responses", 2048],
      ["web", 2048],
      ["ladder", 4096],
      ["audio", 1024],
    ]);
    expect(findLargestTaskSize(taskSizes)).to.deep.equal({ cpu: 4096, memory: 8192 });
    expect(findLargestTaskSize({ ...taskSizes, clip: { cpu: 4096, memory: 9216 } }).memory).to.equal(9216);
  });
});
