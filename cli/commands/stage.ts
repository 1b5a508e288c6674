import { type Command, InvalidArgumentError } from "commander";

/** Parses a stage name (see pipeline/configuration/schema.ts). */
export const parseStage = (text: string): string => {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(text))
    throw new InvalidArgumentError(
      "A stage name has 1 to 12 characters from a–z and 0–9, the first a letter.",
    );
  return text;
};

/** Parses a full commit hash. */
export const parseCommit = (text: string): string => {
  if (!/^[0-9a-f]{40}$/.test(text))
    throw new InvalidArgumentError(
      "A commit is its full hash, 40 hexadecimal characters: git rev-parse HEAD",
    );
  return text;
};

const parseDuration = (text: string): string => {
  if (!/^\d+(s|m|h)$/.test(text))
    throw new InvalidArgumentError("A duration is a number followed by s, m or h, e.g. 30s or 5m.");
  return text;
};

/** Adds `--stage` and `--no-synth` to a command. */
export const withStageOptions = (command: Command): Command =>
  command
    .requiredOption("--stage <name>", "stage of reelway.config.ts, e.g. dev", parseStage)
    .option("--no-synth", "use the existing synth output");

/** Adds `--lock-timeout` to a command. */
export const withLockTimeoutOption = (command: Command): Command =>
  command.option("--lock-timeout <time>", "time to wait for a state lock, e.g. 5m", parseDuration);
