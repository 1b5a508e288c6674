import { OperationRefused } from "../../pipeline/jobs/operator.ts";

/** Acts as an operator who may be too late: a rejection is an answer. */
export const runOperatorAction = (act: Promise<unknown>): Promise<void> =>
  act.then(
    () => undefined,
    (cause: unknown) => {
      if (!(cause instanceof OperationRefused)) throw cause;
    },
  );
