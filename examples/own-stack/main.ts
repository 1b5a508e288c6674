// The stages of Reelway, and a stack of the project's own in each: a queue of finished jobs, e.g. for a catalog.
import { EventQueue, StageStack, synthesize } from "reelway/constructs";

await synthesize((app, stages) => {
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
});
