import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { Command } from "commander";
import { systemCode } from "../../adapters/local/system-code.ts";
import { CommandFailed, WrongUsage } from "../../pipeline/errors/user-error.ts";
import { allowanceMistakes } from "../../terraform/review/allowance.ts";
import { NotAPlan } from "../../terraform/review/plan-document.ts";
import { renderReview } from "../../terraform/review/render.ts";
import { type Review, reviewPlan } from "../../terraform/review/review.ts";
import { reviewDocument } from "../../terraform/review/review-document.ts";

interface ReviewCommandOptions {
  readonly json?: true;
  readonly allowDestroy: readonly string[];
}

/** A plan's file, and the name its section gets. */
interface NamedPlan {
  readonly name: string;
  readonly path: string;
}

/** `NAME=FILE`; else the file's name, or that of its folder where the file is called plan like all the others. */
const namePlan = (given: string): NamedPlan => {
  const [, name, path] = /^([\w-]+)=(.+)$/s.exec(given) ?? [];
  if (name !== undefined && path !== undefined) return { name, path };
  const own = basename(given).replace(/(?:\.tfplan)?\.json$/, "");
  return { name: /^(?:tf)?plan$/.test(own) ? basename(dirname(resolve(given))) : own, path: given };
};

const readDocument = async ({ path }: NamedPlan): Promise<unknown> => {
  const content = await readFile(path).catch((cause: unknown) => {
    const code = systemCode(cause);
    if (code === "ENOENT") throw new WrongUsage(`There is no file ${path}.`);
    if (code === "EISDIR") throw new WrongUsage(`${path} is a folder; name the plan in it.`);
    throw new WrongUsage(`${path} cannot be read: ${code ?? String(cause)}.`);
  });
  const how = `terraform show -json ${path} > plan.json`;
  // A saved plan is a zip archive (PKWARE APPNOTE, 4.3.7).
  if (content.subarray(0, 2).toString("latin1") === "PK")
    throw new WrongUsage(`${path} is a saved plan, not its JSON. Make that: ${how}`);
  try {
    return JSON.parse(content.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    const lines = content.toString("utf8").trimStart().startsWith('{"@level"');
    throw new WrongUsage(
      `${path} is no JSON document${lines ? ", but what terraform plan -json tells while it works" : ` (${cause instanceof Error ? cause.message : String(cause)})`}. Make one: terraform plan -out=plan.tfplan, then terraform show -json plan.tfplan > plan.json`,
    );
  }
};

const review = async (
  files: readonly string[],
  { json, allowDestroy }: ReviewCommandOptions,
): Promise<void> => {
  const plans = files.map(namePlan);
  const twice = plans.find(({ name }, at) => plans.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined)
    throw new WrongUsage(`Two plans are called ${twice.name}. Name them: reelway review NAME=PLAN.json …`);
  const reviews: Review[] = [];
  for (const plan of plans)
    try {
      reviews.push(reviewPlan(await readDocument(plan), { name: plan.name, allowDestroy }));
    } catch (cause) {
      throw cause instanceof NotAPlan ? new WrongUsage(cause.message.replace(plan.name, plan.path)) : cause;
    }
  const mistakes = allowanceMistakes(reviews, allowDestroy);
  if (mistakes.length > 0) throw new WrongUsage(`--allow-destroy: ${mistakes.join("; ")}.`);
  process.stdout.write(
    json ? `${JSON.stringify(reviewDocument(reviews), null, 2)}\n` : renderReview(reviews),
  );
  const failed = reviews.filter(({ errored }) => errored).map(({ name }) => name);
  if (failed.length > 0)
    throw new CommandFailed(
      `Terraform could make no whole plan of ${failed.join(", ")}: plan again, and see what it says.`,
    );
  const blocked = reviews.flatMap((one) => one.blocked.map((address) => ({ name: one.name, address })));
  if (blocked.length > 0)
    throw new CommandFailed(
      `What no apply can make again would be destroyed: ${blocked.map(({ name, address }) => `${address} (${name})`).join(", ")}. If that is meant: ${blocked.map(({ address }) => `--allow-destroy '${address}'`).join(" ")}`,
    );
};

/** `reelway review` */
export const reviewCommand = (): Command =>
  new Command("review")
    .description("say in words what Terraform plans would do, as Markdown for a pull request")
    .argument("<plans...>", "plans as terraform show -json writes them: PLAN.json, or NAME=PLAN.json")
    .option("--json", "print one JSON document")
    .option(
      "--allow-destroy <address>",
      "a bucket, table, key or the like that may be destroyed; once for each",
      (address: string, before: readonly string[]) => [...before, address],
      [],
    )
    .addHelpText(
      "after",
      "\nEnds with status 1 where a plan destroys what no apply can make again and nobody allowed it.",
    )
    .action(review);
