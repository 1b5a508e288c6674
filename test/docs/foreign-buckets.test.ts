import { readFile } from "node:fs/promises";
import { expect } from "chai";
import * as z from "zod";
import { readSynthesizedJson } from "../../terraform/policy/synthesized-json.ts";
import { synthesizeWhole } from "../synth/synthesize.ts";

const recipe = z.array(
  z.object({ Principal: z.object({ AWS: z.array(z.string()) }), Action: z.array(z.string()) }),
);
const policies = z.object({
  resource: z.object({
    aws_iam_role: z.record(z.string(), z.looseObject({ name: z.string() })).default({}),
    aws_iam_role_policy: z
      .record(z.string(), z.looseObject({ role: z.string(), policy: z.string() }))
      .default({}),
  }),
});

describe("the recipe for buckets of another account", () => {
  it("names every role that reads the input bucket", async function () {
    this.timeout(60_000);
    const page = await readFile("docs/aws.md", "utf8");
    const text = page.split("## Buckets of another account")[1]?.match(/```json\n([\s\S]*?)```/)?.[1];
    const [statement] = recipe.parse(JSON.parse(text ?? ""));
    const stacks = await readSynthesizedJson((await synthesizeWhole()).directory);
    const readers = [...stacks]
      .filter(([name]) => name.startsWith("dev-"))
      .flatMap(([, stack]) => {
        const { aws_iam_role: roles, aws_iam_role_policy: rolePolicies } = policies.parse(stack).resource;
        return Object.values(rolePolicies)
          .filter(({ policy }) => /"s3:GetObjectVersion"[^{}]*:::reelway-dev-input/.test(policy))
          .map(({ role }) => roles[role.match(/aws_iam_role\.([\w-]+)\./)?.[1] ?? ""]?.name);
      });
    expect(statement?.Principal.AWS.map((arn) => arn.replace(/^.*role\/P-/, "reelway-"))).to.have.members(
      readers,
    );
  });
});
