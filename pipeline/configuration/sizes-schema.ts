import { findTaskSizeProblem } from "../attempts/task-size.ts";
import type { TaskSize } from "../ports/task-runner.ts";
import * as z from "../schema/z.ts";

const taskSizeSchema = z
  .strictObject({
    cpu: z
      .int()
      .register(z.globalRegistry, { description: "CPU of the task.", unit: "CPU units, 1,024 per vCPU" }),
    memory: z.int().register(z.globalRegistry, { description: "Memory of the task.", unit: "MiB" }),
  })
  .check((context) => {
    const problem = findTaskSizeProblem(context.value);
    if (problem === undefined) return;
    const { field, message } = problem;
    context.issues.push({ code: "custom", message, path: [field], input: context.value[field] });
  });

const small: TaskSize = { cpu: 1024, memory: 2048 };
const medium: TaskSize = { cpu: 2048, memory: 4096 };
const large: TaskSize = { cpu: 4096, memory: 8192 };

const withDefaultSize = (size: TaskSize, description: string) =>
  z._default(taskSizeSchema, size).register(z.globalRegistry, { description });

/** Fargate task size for each recipe, with its default. A change applies to new tasks only. */
export const sizesSchema = z
  .prefault(
    z.strictObject({
      thumbnail: withDefaultSize(small, "Tasks of the recipe `thumbnail`."),
      image: withDefaultSize(small, "Tasks of the recipe `image`."),
      frames: withDefaultSize(small, "Tasks of the recipe `frames`."),
      audio: withDefaultSize(small, "Tasks of the recipe `audio`."),
      watermark: withDefaultSize(medium, "Tasks of the recipe `watermark`."),
      clip: withDefaultSize(medium, "Tasks of the recipe `clip`."),
      transcode: withDefaultSize(medium, "Tasks of the recipe `transcode` and of the transcoder API."),
      ladder: withDefaultSize(large, "Tasks of the recipe `ladder`."),
    }),
    {},
  )
  .register(z.globalRegistry, {
    description: "CPU and memory of the tasks, by recipe. See [Task sizes](#task-sizes).",
  });
