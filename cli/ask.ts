import { createInterface } from "node:readline/promises";
import { UsageError } from "../pipeline/errors/errors.ts";

/** A question about one value. */
export interface Question<Value> {
  readonly label: string;
  /** Used for an empty answer. @default the question is repeated */
  readonly defaultAnswer?: string;
  /** @throws UsageError for an invalid answer */
  readonly parse: (answer: string) => Value;
}
/** Asks a question until the answer is valid. */
export type Ask = <Value>(question: Question<Value>) => Promise<Value>;

/** The streams of a terminal. */
export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Opens the terminal for questions while `use` runs.
 *
 * @throws AbortError if the input ends before an answer; what `use` throws
 */
export const withQuestions = async <Result>(
  { input, output }: TerminalStreams,
  use: (ask: Ask) => Promise<Result>,
): Promise<Result> => {
  const terminal = createInterface({ input, output });
  // A pending question of a closed terminal would never be settled.
  const closed = new AbortController();
  terminal.once("close", () => closed.abort());
  try {
    return await use(async ({ label, defaultAnswer, parse }) => {
      const prompt = `${label}${defaultAnswer === undefined ? "" : ` [${defaultAnswer}]`}: `;
      for (;;) {
        const answer = (await terminal.question(prompt, { signal: closed.signal })).trim();
        try {
          return parse(answer === "" ? (defaultAnswer ?? "") : answer);
        } catch (cause) {
          if (!(cause instanceof UsageError)) throw cause;
          output.write(`${cause.message}\n`);
        }
      }
    });
  } finally {
    terminal.close();
  }
};
