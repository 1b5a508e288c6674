import { type LogItem, Logger as PowertoolsLogger } from "@aws-lambda-powertools/logger";
import type { Logger } from "../../pipeline/ports/logger.ts";
import { toSourcePositions } from "./source-positions.ts";

/** The fields of the Lambda context that the log uses. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
}

/** The log of a function. */
export interface FunctionLogger extends Logger {
  /** Adds the request id of this invocation to all further lines. */
  startInvocation(context: InvocationContext): void;
}

const toFunctionLogger = (logger: PowertoolsLogger): FunctionLogger => ({
  info: (message, details = {}) => logger.info(message, details),
  warn: (message, details = {}) => logger.warn(message, details),
  error: (message, details = {}) => logger.error(message, details),
  startInvocation(context) {
    logger.resetKeys();
    logger.addContext({ ...context });
  },
});

/** Gives the stacks of an error and its causes the positions of the sources before the error is written. */
const mapStacks = (_key: string, value: unknown): unknown => {
  for (let error = value; error instanceof Error; error = error.cause)
    if (error.stack !== undefined) error.stack = toSourcePositions(error.stack);
  return value;
};

const buildOptions = (serviceName: string) => ({ serviceName, jsonReplacerFn: mapStacks });

/**
 * Creates a log with one JSON document per line: on standard output, warnings and errors on standard error. An `Error`
 * in the details is written with its name, message, stack and causes. Stacks name the source files.
 *
 * @param service name of the program, a field of every line
 * @param keys further fields of every line
 */
export const createLogger = (service: string, keys: Readonly<Record<string, unknown>> = {}): FunctionLogger =>
  toFunctionLogger(new PowertoolsLogger({ ...buildOptions(service), persistentKeys: { ...keys } }));

/** Creates the same log, but passes each line to `write`. */
export const createLineLogger = (service: string, write: (line: string) => void): Logger => {
  class LineLogger extends PowertoolsLogger {
    protected override printLog(_level: number, item: LogItem): void {
      item.prepareForPrint();
      write(JSON.stringify(item.getAttributes(), this.getJsonReplacer()));
    }
  }
  return toFunctionLogger(new LineLogger(buildOptions(service)));
};
