// The stages of Reelway, and a stack of the team's own in each: a queue of finished jobs, e.g. for a catalog.
import { App } from "cdktf";
import { createStages, EventQueue, readConfiguration, readImageRecord, StageStack } from "reelway/constructs";

const app = new App();
const stages = await createStages(app, {
  configuration: await readConfiguration(),
  image: await readImageRecord(),
});
for (const { routing } of Object.values(stages)) {
  const { deployment } = routing;
  const stack = new StageStack(app, "catalog", { deployment });
  stack.addDependency(routing);
  new EventQueue(stack, "finished-jobs", {
    name: `${deployment.project}-${deployment.stage}-catalog`,
    topicArn: stack.arns.of("sns", stack.names.finishedJobsTopic),
    consumerTimeoutSeconds: 60,
  });
}
app.synth();
