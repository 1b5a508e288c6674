import { isDeepStrictEqual } from "node:util";
import * as z from "zod";

const stateSchema = z.looseObject({
  serial: z.number(),
  lineage: z.string(),
  resources: z.array(z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
});

/** A stack's state, as text and what it says of itself. */
export interface StoredState {
  readonly text: string;
  /** Grows by one with every change. */
  readonly serial: number;
  /** Stays the same as long as the state is the same one. */
  readonly lineage: string;
  /** How many resources it holds, data sources included. */
  readonly resourceCount: number;
}

/**
 * Reads a state; undefined for an empty text and for what Terraform prints where there is no state: one without a
 * lineage.
 */
export const parseState = (text: string): StoredState | undefined => {
  if (text.trim() === "") return undefined;
  const { serial, lineage, resources } = stateSchema.parse(JSON.parse(text));
  return lineage === "" ? undefined : { text, serial, lineage, resourceCount: resources.length };
};

/**
 * Whether two states hold the same resources and outputs. A state that is pushed where none was gets another lineage
 * and serial (Terraform 1.11), so these do not tell.
 */
export const isSameContent = (one: StoredState, other: StoredState): boolean => {
  const parseContent = ({ text }: StoredState) => {
    const { resources, outputs } = stateSchema.parse(JSON.parse(text));
    return { resources, outputs };
  };
  return isDeepStrictEqual(parseContent(one), parseContent(other));
};
