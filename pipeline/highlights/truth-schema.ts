import { UserError } from "../errors/errors.ts";
import * as z from "../schema/z.ts";

/** A period in which a label is visible. Seconds from the start of the recording. */
export interface LabelPeriod {
  readonly label: string;
  readonly start: number;
  /** Later than `start`. */
  readonly end: number;
}

const periodSchema = z
  .object({
    label: z.string().check(z.minLength(1)),
    start: z.number().check(z.gte(0)),
    end: z.number(),
  })
  .check(
    z.refine(({ start, end }) => end > start, {
      path: ["end"],
      error: ({ input }) => {
        const { start, end } = input as LabelPeriod;
        return `${end} is not later than start, ${start}`;
      },
    }),
  );
const truthSchema = z.object({ appearances: z.array(periodSchema) });

const findDuplicates = (periods: readonly LabelPeriod[]): readonly string[] => {
  const indexes = new Map<string, number>();
  return periods.flatMap(({ label, start, end }, index) => {
    const key = JSON.stringify([label, start, end]);
    const first = indexes.get(key);
    if (first === undefined) indexes.set(key, index);
    return first === undefined ? [] : [`appearances.${index}: is the same as appearances.${first}`];
  });
};

/**
 * Parses the true appearances of a recording: `{"appearances":[{"label":"Person","start":12.0,"end":17.5}]}`, seconds
 * from the start of the recording.
 *
 * @param value the parsed JSON; undefined if it is not JSON
 * @param file name of the file, for errors
 * @returns the appearances in the order of the file
 * @throws UserError that names every wrong entry
 */
export const parseTruth = (value: unknown, file: string): readonly LabelPeriod[] => {
  const parsed = z.safeParse(truthSchema, value);
  const problems = parsed.success
    ? findDuplicates(parsed.data.appearances)
    : value === undefined
      ? ["it is not valid JSON"]
      : parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the document"}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data.appearances;
  throw new UserError(
    `The true appearances in ${file} are not valid: ${problems.join("; ")}. Expected: {"appearances":[{"label":"Person","start":12.0,"end":17.5}]}, with seconds from the start of the recording.`,
  );
};
