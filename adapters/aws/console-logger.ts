import type { Logger } from "../../pipeline/ports/logger.ts";

/**
 * A structured log of one JSON document a line, as CloudWatch Logs Insights reads it.
 *
 * @param service name of the function, in every line
 */
export const createConsoleLogger = (
  service: string,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Logger => {
  const log =
    (level: "INFO" | "WARN" | "ERROR") =>
    (message: string, details: Readonly<Record<string, unknown>> = {}): void =>
      write(JSON.stringify({ level, service, message, timestamp: new Date().toISOString(), ...details }));
  return { info: log("INFO"), warn: log("WARN"), error: log("ERROR") };
};
