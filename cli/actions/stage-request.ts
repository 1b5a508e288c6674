import { toAccessError } from "../../adapters/aws/aws-error.ts";
import { CommandError, formatError, listCauses, UserError } from "../../pipeline/errors/errors.ts";
import { StoreFailure, type StoreFailureKind } from "../../pipeline/ports/store-failure.ts";

/** Failures that show that the stage's stacks are not deployed. */
const missingKinds: ReadonlySet<StoreFailureKind> = new Set([
  "table-not-found",
  "secret-not-found",
  "bucket-not-found",
]);

export interface StageRequestOptions {
  readonly stage: string;
  readonly region: string;
  /** Name of the policy that allows the requests. @default no policy of the stage allows them */
  readonly operatorPolicy?: string;
}

/** What to do about a failed request to a stage; undefined if the failure itself says so. */
const findAdvice = (
  kind: StoreFailureKind,
  { stage, region, operatorPolicy }: StageRequestOptions,
): string | undefined => {
  if (missingKinds.has(kind))
    return `Stage ${stage} is not deployed in this account and Region. Check the account with "aws sts get-caller-identity", or deploy the stage: npx reelway deploy --stage ${stage}`;
  if (kind === "denied" && operatorPolicy !== undefined)
    return `The credentials do not allow this. Attach the policy ${operatorPolicy} (the output operator_policy_arn of the stack state) to the user or role.`;
  return kind === "transient"
    ? `AWS did not answer as expected in ${region}. Check the network, a proxy and the Region, and run the command again.`
    : undefined;
};

/** Creates a function that runs requests to a stage. It rejects with a UserError that says what to do. */
export const createStageRequest =
  (options: StageRequestOptions) =>
  async <Result>(run: () => Promise<Result>): Promise<Result> => {
    try {
      return await run();
    } catch (cause) {
      const accessError = toAccessError(cause);
      if (accessError !== undefined) throw accessError;
      const failure = listCauses(cause).find((error) => error instanceof StoreFailure);
      const advice = failure && findAdvice(failure.kind, options);
      if (cause instanceof UserError || failure === undefined || advice === undefined) throw cause;
      throw new CommandError(`${formatError(failure).replace(/\.?$/, ".")} ${advice}`, { cause });
    }
  };
