import { OperationRefused } from "../../pipeline/jobs/operator.ts";

/** Acts as an operator who may come too late: a refusal is an answer. */
export const operate = (act: Promise<unknown>): Promise<void> =>
  act.then(
    () => undefined,
    (cause: unknown) => {
      if (!(cause instanceof OperationRefused)) throw cause;
    },
  );
