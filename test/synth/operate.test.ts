import { expect } from "chai";
import * as z from "zod";
import { listDeadLetterQueues } from "../../modules/dead-letter-queues.ts";
import { stackOrder } from "../../modules/stack-order.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { listResources, type Synthesis, synthesizeWhole } from "./synthesize.ts";
import wholeConfiguration from "./whole.config.ts";

const configuration = parseConfiguration(wholeConfiguration);
const queueSchema = z.looseObject({ name: z.string(), redrive_policy: z.string().optional() });

describe("operating a synthesized stage", () => {
  let synthesis: Synthesis;
  before(async function () {
    this.timeout(120_000);
    synthesis = await synthesizeWhole();
  });
  const listStageResources = (stage: string, type: string) =>
    stackOrder.flatMap((name) => {
      const path = `stacks/${stage}-${name}/cdk.tf.json`;
      return synthesis.files.has(path) ? listResources(synthesis.stack(`${stage}-${name}`), type) : [];
    });

  it("redrives exactly the dead-letter queues of the stage, each to its own queue", () => {
    for (const [stage, settings] of Object.entries(configuration.stages)) {
      const listed = listDeadLetterQueues(
        { ...settings, project: configuration.project, stage },
        configuration,
      );
      const queues = listStageResources(stage, "aws_sqs_queue").map((queue) => queueSchema.parse(queue));
      const names = queues.map(({ name }) => name);
      expect(
        listed.map(({ name }) => name),
        stage,
      ).to.have.members(names.filter((name) => name.endsWith("-dlq")));
      expect(
        listed.flatMap((queue) => (queue.origin === "queue" ? [queue.target] : [])),
        stage,
      ).to.have.members(
        queues
          .filter((queue) => queue.redrive_policy !== undefined && !queue.name.includes("-webhook-"))
          .map(({ name }) => name),
      );
      for (const queue of listed) if ("target" in queue) expect(names, queue.name).to.include(queue.target);
    }
  });
});
