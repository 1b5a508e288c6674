import { expect } from "chai";
import { findStackDependencies } from "../../../terraform/pull-request/stack-dependencies.ts";
import { reference } from "./plan-factory.ts";

const s3 = (key: string) => ({ backend: "s3", config: { bucket: "state", key, region: "us-east-1" } });
const storage = "s3:state/dev/storage.tfstate";
const compute = "s3:state/dev/compute.tfstate";

describe("outputs that a stack reads", () => {
  it("are found in resources, outputs, locals, providers and ephemeral values, in any syntax", () => {
    const { references, state } = findStackDependencies(
      {
        terraform: { backend: { s3: { bucket: "state", key: "dev/routing.tfstate" } } },
        data: { terraform_remote_state: { one: s3("dev/storage.tfstate"), two: s3("dev/compute.tfstate") } },
        resource: {
          aws_x: {
            y: { list: [{ key: `a-${reference("data.terraform_remote_state.one.outputs.key")}-b` }] },
          },
        },
        locals: { z: reference('split(",", data.terraform_remote_state.two.outputs["subnet-ids"])') },
        provider: {
          aws: [{ endpoints: [{ e: reference("data.terraform_remote_state.two.outputs.endpoint") }] }],
        },
        ephemeral: {
          aws_s: { s: { secret_id: reference("data.terraform_remote_state.two.outputs.secret") } },
        },
        output: { all: { value: reference("data.terraform_remote_state.one.outputs.more") } },
      },
      "/anywhere",
    );
    expect(state).to.equal("s3:state/dev/routing.tfstate");
    expect(references).to.have.deep.members([
      { state: storage },
      { state: compute },
      { state: storage, output: "key" },
      { state: storage, output: "more" },
      { state: compute, output: "subnet-ids" },
      { state: compute, output: "endpoint" },
      { state: compute, output: "secret" },
    ]);
  });

  it("are resolved through resources and locals", () => {
    const { outputs } = findStackDependencies(
      {
        data: { terraform_remote_state: { one: s3("dev/storage.tfstate") } },
        locals: { key: reference("data.terraform_remote_state.one.outputs.key") },
        resource: {
          aws_a: {
            uses: { key: reference("local.key") },
            alone: { name: "x" },
            again: { depends_on: ["aws_a.uses"] },
          },
        },
        output: {
          hangs: { value: reference("aws_a.again.id") },
          free: { value: reference("aws_a.alone.id") },
          plain: { value: "local.nothing aws_a.none" },
        },
      },
      "/anywhere",
    );
    expect([...outputs]).to.deep.equal([
      ["hangs", [{ state: storage, output: "key" }]],
      ["free", []],
      ["plain", []],
    ]);
  });

  it("in a provider affect all its resources", () => {
    const { outputs } = findStackDependencies(
      {
        data: { terraform_remote_state: { one: s3("dev/storage.tfstate") } },
        provider: { aws: [{ region: "x", key: reference("data.terraform_remote_state.one.outputs.key") }] },
        resource: { aws_a: { b: { name: "x" } } },
        output: { id: { value: reference("aws_a.b.id") }, constant: { value: "x" } },
      },
      "/anywhere",
    );
    expect(outputs.get("id")).to.deep.equal([{ state: storage, output: "key" }]);
    expect(outputs.get("constant")).to.deep.equal([]);
  });

  it("tolerate cyclic blocks, and include local states of the folder", () => {
    const { references, state } = findStackDependencies(
      {
        terraform: { backend: { local: { path: "../states/b" } } },
        data: { terraform_remote_state: { a: { backend: "local", config: { path: "/states/a" } } } },
        locals: { one: reference("local.two"), two: reference("local.one") },
        output: { one: { value: reference("local.one") } },
      },
      "/stacks/b",
    );
    expect(state).to.equal("local:/stacks/states/b");
    expect(references).to.deep.equal([{ state: "local:/states/a" }]);
  });
});
