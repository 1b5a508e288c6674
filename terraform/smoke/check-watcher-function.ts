import {
  GetFunctionConfigurationCommand,
  type LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { formatError } from "../../pipeline/errors/errors.ts";
import { isDenied } from "../doctor/failed-request.ts";

/**
 * Finds what keeps the function of a channel from running.
 *
 * @param functionName name of the function
 * @returns one sentence and what to do; undefined if AWS Lambda can run the function, or the caller may not read it: the
 *   channel's status tells whether it runs
 */
export const findFunctionProblem = async (
  lambda: Pick<LambdaClient, "send">,
  functionName: string,
  stage: string,
): Promise<string | undefined> => {
  try {
    const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    if (State === "Pending")
      return `its function ${functionName} is being created. Run the command again in a minute.`;
    if (State === "Failed" || LastUpdateStatus === "Failed")
      return `its function ${functionName} cannot run: ${LastUpdateStatusReason ?? StateReason ?? "AWS Lambda names no reason"}. Correct the reason, then run npx reelway deploy --stage ${stage}.`;
    return undefined;
  } catch (cause) {
    if (isDenied(cause)) return undefined;
    return cause instanceof ResourceNotFoundException
      ? `its function ${functionName} does not exist. Deploy the stack highlights: npx reelway deploy --stage ${stage}.`
      : `its function ${functionName} cannot be checked: ${formatError(cause)}`;
  }
};
