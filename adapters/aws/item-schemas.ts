import type { FrameReference } from "../../pipeline/highlights/segment.ts";
import * as z from "../../pipeline/schema/z.ts";

/** Schemas of each property of a type: one that is added to the type and not to the schema would be lost. */
export type ObjectShape<Value> = Readonly<Record<keyof Value, z.ZodMiniType>>;

/** A frame in an item. */
export const frameSchema = z.object({
  segmentId: z.string(),
  frame: z.number(),
  time: z.number(),
} satisfies ObjectShape<FrameReference>);
