import { isDeepStrictEqual } from "node:util";
import * as z from "zod";

const stateSchema = z.looseObject({
  serial: z.number(),
  lineage: z.string(),
  resources: z.array(z.unknown()),
  outputs: z.record(z.string(), z.unknown()),
});

/** A Terraform state. */
export interface StoredState {
  readonly text: string;
  /** Increases by one with every change. */
  readonly serial: number;
  /** Identifies the state over all its versions. */
  readonly lineage: string;
  /** Number of resources, including data sources. */
  readonly resourceCount: number;
}

/**
 * Parses a state; undefined for an empty text, and for a state without a lineage, which Terraform prints if no state
 * exists.
 */
export const parseState = (text: string): StoredState | undefined => {
  if (text.trim() === "") return undefined;
  const { serial, lineage, resources } = stateSchema.parse(JSON.parse(text));
  return lineage === "" ? undefined : { text, serial, lineage, resourceCount: resources.length };
};

/**
 * Whether two states have the same resources and outputs. Lineage and serial are not compared, because a push to an empty
 * backend changes them (Terraform 1.11).
 */
export const isSameContent = (one: StoredState, other: StoredState): boolean => {
  const parseContent = ({ text }: StoredState) => {
    const { resources, outputs } = stateSchema.parse(JSON.parse(text));
    return { resources, outputs };
  };
  return isDeepStrictEqual(parseContent(one), parseContent(other));
};
