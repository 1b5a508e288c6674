import { expect } from "chai";
import { TerraformStack, Testing } from "#cdktf";
import { StageStack } from "../../modules/stack.ts";
import { RecordTable } from "../../modules/table.ts";
import { jobsTable } from "../../pipeline/ports/tables.ts";
import { deployment, testApp } from "./synthesize-stack.ts";

describe("StageStack", () => {
  it("is found by every construct in it, and reported with the construct's name if missing", () => {
    const stack = new StageStack(testApp(), "storage", { deployment: deployment() });
    expect(StageStack.of(stack)).to.equal(stack);
    expect(
      () =>
        new RecordTable(new TerraformStack(testApp(), "plain"), "jobs", {
          name: "jobs",
          definition: jobsTable,
        }),
    ).to.throw("plain/jobs is not inside a StageStack.");
  });

  it("reads a stack's state once for any number of outputs", () => {
    const stack = new StageStack(testApp(), "routing", { deployment: deployment() });
    stack.exportOutput({
      subnet_ids: stack.importOutput("compute", "subnet_ids"),
      task_security_group_id: stack.importOutput("compute", "task_security_group_id"),
      key_arn: stack.keyArn,
    });
    const { data, output } = JSON.parse(Testing.synth(stack));
    expect(output).to.deep.equal(
      Object.fromEntries(
        [
          "compute-state.outputs.subnet_ids",
          "compute-state.outputs.task_security_group_id",
          "state-state.outputs.key_arn",
        ].map((outputPath) => [
          outputPath.split(".")[2],
          { value: `\${data.terraform_remote_state.${outputPath}}` },
        ]),
      ),
    );
    expect(Object.keys(data.terraform_remote_state).sort()).to.deep.equal(["compute-state", "state-state"]);
  });

  it("does not read its own key before it is created", () => {
    expect(() => new StageStack(testApp(), "state", { deployment: deployment() }).keyArn).to.throw(
      "before it is created",
    );
  });

  it("is protected unless the app lifts its protection", () => {
    const app = (unprotected: readonly string[]) =>
      new StageStack(testApp({ "reelway:unprotected": unprotected }), "storage", {
        deployment: deployment(),
      });
    expect([app([]), app(["compute"]), app(["storage"])].map((stack) => stack.isProtected)).to.deep.equal([
      true,
      true,
      false,
    ]);
  });
});
