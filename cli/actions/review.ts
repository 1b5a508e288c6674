import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError, UsageError } from "../../pipeline/errors/errors.ts";
import { checkAllowDestroy } from "../../terraform/review/allow-destroy.ts";
import { PlanFormatError } from "../../terraform/review/plan-document.ts";
import { renderReview } from "../../terraform/review/render.ts";
import { type Review, reviewPlan } from "../../terraform/review/review.ts";
import { buildReviewDocument } from "../../terraform/review/review-document.ts";

/** Options of `reelway review`. */
export interface ReviewCommandOptions {
  readonly json?: true;
  readonly allowDestroy: readonly string[];
}

/** A plan file and the name of its section. */
interface NamedPlan {
  readonly name: string;
  readonly path: string;
}

/** Parses `NAME=FILE` or `FILE`. The default name is the file's, or its folder's if the file is named plan. */
const parsePlanArgument = (argument: string): NamedPlan => {
  const [, name, path] = /^([\w-]+)=(.+)$/s.exec(argument) ?? [];
  if (name !== undefined && path !== undefined) return { name, path };
  const baseName = basename(argument).replace(/(?:\.tfplan)?\.json$/, "");
  return {
    name: /^(?:tf)?plan$/.test(baseName) ? basename(dirname(resolve(argument))) : baseName,
    path: argument,
  };
};

const readDocument = async ({ path }: NamedPlan): Promise<unknown> => {
  const content = await readFile(path).catch((cause: unknown) => {
    const code = getSystemErrorCode(cause);
    if (code === "ENOENT") throw new UsageError(`File ${path} does not exist.`);
    if (code === "EISDIR") throw new UsageError(`${path} is a folder. Pass the plan file in it.`);
    throw new UsageError(`${path} cannot be read: ${code ?? String(cause)}.`);
  });
  const exportCommand = `terraform show -json ${path} > plan.json`;
  // A saved plan is a zip archive (PKWARE APPNOTE, 4.3.7).
  if (content.subarray(0, 2).toString("latin1") === "PK")
    throw new UsageError(`${path} is a saved plan, not its JSON. Convert it with: ${exportCommand}`);
  try {
    return JSON.parse(content.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const isJsonLines = content.toString("utf8").trimStart().startsWith('{"@level"');
    throw new UsageError(
      `${path} is not valid JSON${isJsonLines ? ": it is the progress output of terraform plan -json" : ` (${cause instanceof Error ? cause.message : String(cause)})`}. Create the plan with: terraform plan -out=plan.tfplan, then terraform show -json plan.tfplan > plan.json`,
    );
  }
};

/** Prints the review of Terraform plans. */
export const reviewPlans = async (
  files: readonly string[],
  { json, allowDestroy }: ReviewCommandOptions,
): Promise<void> => {
  const plans = files.map(parsePlanArgument);
  const duplicate = plans.find(({ name }, at) => plans.findIndex((other) => other.name === name) !== at);
  if (duplicate !== undefined)
    throw new UsageError(
      `Duplicate plan name ${duplicate.name}. Set the names: reelway review NAME=PLAN.json …`,
    );
  const reviews: Review[] = [];
  for (const plan of plans)
    try {
      reviews.push(reviewPlan(await readDocument(plan), { name: plan.name, allowDestroy }));
    } catch (cause) {
      throw cause instanceof PlanFormatError
        ? new UsageError(cause.message.replace(plan.name, plan.path))
        : cause;
    }
  const allowanceErrors = checkAllowDestroy(reviews, allowDestroy);
  if (allowanceErrors.length > 0) throw new UsageError(`--allow-destroy: ${allowanceErrors.join("; ")}.`);
  process.stdout.write(
    json ? `${JSON.stringify(buildReviewDocument(reviews), null, 2)}\n` : renderReview(reviews),
  );
  const failedPlans = reviews.filter(({ errored }) => errored).map(({ name }) => name);
  if (failedPlans.length > 0)
    throw new CommandError(
      `Incomplete plan: terraform plan failed for ${failedPlans.join(", ")}. Plan again and check its errors.`,
    );
  const blockedResources = reviews.flatMap((one) =>
    one.blockedAddresses.map((address) => ({ name: one.name, address })),
  );
  if (blockedResources.length > 0)
    throw new CommandError(
      `The plan destroys stateful resources: ${blockedResources.map(({ name, address }) => `${address} (${name})`).join(", ")}. To allow it: ${blockedResources.map(({ address }) => `--allow-destroy '${address}'`).join(" ")}`,
    );
};
