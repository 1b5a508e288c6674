import { taskSizeProblem } from "../attempts/task-size.ts";
import type { TaskSize } from "../ports/task-runner.ts";
import * as z from "../schema/z.ts";

const size = z
  .strictObject({
    /** CPU units, 1,024 to a vCPU. */
    cpu: z.int(),
    /** MiB. */
    memory: z.int(),
  })
  .check((context) => {
    const problem = taskSizeProblem(context.value);
    if (problem === undefined) return;
    const { field, message } = problem;
    context.issues.push({ code: "custom", message, path: [field], input: context.value[field] });
  });

const small: TaskSize = { cpu: 1024, memory: 2048 };
const middle: TaskSize = { cpu: 2048, memory: 4096 };
const large: TaskSize = { cpu: 4096, memory: 8192 };

/** The size of every recipe's tasks, with their defaults: one of Fargate's own. A change starts new tasks alone. */
export const sizesSchema = z.prefault(
  z.strictObject({
    thumbnail: z._default(size, small),
    image: z._default(size, small),
    frames: z._default(size, small),
    audio: z._default(size, small),
    watermark: z._default(size, middle),
    clip: z._default(size, middle),
    /** The transcoder's API included. */
    transcode: z._default(size, middle),
    ladder: z._default(size, large),
  }),
  {},
);
