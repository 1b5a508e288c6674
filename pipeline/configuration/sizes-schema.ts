import { findTaskSizeProblem } from "../attempts/task-size.ts";
import type { TaskSize } from "../ports/task-runner.ts";
import * as z from "../schema/z.ts";

const taskSizeSchema = z
  .strictObject({
    /** CPU units, 1,024 to a vCPU. */
    cpu: z.int(),
    /** MiB. */
    memory: z.int(),
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

/** The size of every recipe's tasks, with their defaults: one of Fargate's own. A change starts new tasks alone. */
export const sizesSchema = z.prefault(
  z.strictObject({
    thumbnail: z._default(taskSizeSchema, small),
    image: z._default(taskSizeSchema, small),
    frames: z._default(taskSizeSchema, small),
    audio: z._default(taskSizeSchema, small),
    watermark: z._default(taskSizeSchema, medium),
    clip: z._default(taskSizeSchema, medium),
    /** The transcoder's API included. */
    transcode: z._default(taskSizeSchema, medium),
    ladder: z._default(taskSizeSchema, large),
  }),
  {},
);
