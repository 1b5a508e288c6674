import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Command } from "commander";
import * as z from "zod";
import { applyCommand } from "../../cli/commands/apply.ts";
import { driftCommand } from "../../cli/commands/drift.ts";
import { githubCommand } from "../../cli/commands/github.ts";
import { planCommand } from "../../cli/commands/plan.ts";
import { policyCommand } from "../../cli/commands/policy.ts";
import { lint } from "./lint.ts";
import { type Job, readWorkflows, type WorkflowFile } from "./read-workflows.ts";

const commands: readonly Command[] = [
  planCommand(),
  applyCommand(),
  driftCommand(),
  githubCommand(),
  policyCommand(),
];

/** Problems of a line `npx reelway …`, according to the program's commands and options. */
const findReelwayMistakes = (args: readonly string[]): readonly string[] => {
  let command: Command | undefined;
  let rest = args;
  for (
    let among = commands;
    rest[0] !== undefined && !rest[0].startsWith("-");
    among = command?.commands ?? []
  ) {
    command = among.find((command) => command.name() === rest[0]);
    if (command === undefined) return [`no command ${args.join(" ")}`];
    rest = rest.slice(1);
    if (command.commands.length === 0) break;
  }
  const optionNames = rest.filter((arg) => arg.startsWith("--"));
  const options = command?.options ?? [];
  return [
    ...optionNames
      .filter((arg) => !options.some(({ long }) => long === arg))
      .map((arg) => `no option ${arg}`),
    ...options
      .filter(({ mandatory, long }) => mandatory && !optionNames.includes(long ?? ""))
      .map(({ long }) => `${long} is missing`),
  ];
};

const runMistakes = (run: string, scripts: readonly string[]): readonly string[] =>
  run
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [program, arg = "", ...more] = line.trim().split(/\s+/);
      if (program === "npm" && (arg === "ci" || arg === "pack")) return [];
      if (program === "gh" && arg === "release") return [];
      if (program === "npm" && (arg === "run" || arg === "test"))
        return scripts.includes(arg === "test" ? "test" : (more[0] ?? "")) ? [] : [`no script: ${line}`];
      return program === "npx" && arg === "reelway"
        ? findReelwayMistakes(more)
        : [`not one of ours: ${line}`];
    });

/** The permissions of each job; a job with more, or one not named here, fails. */
const granted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "plan.yml policy": { contents: "read" },
  "plan.yml plan": { contents: "read", "id-token": "write", "pull-requests": "write" },
  "deploy-stage.yml reviewed": { actions: "read", contents: "read", "pull-requests": "read" },
  "deploy-stage.yml apply": { contents: "read", "id-token": "write" },
  "deploy-stage.yml again": { actions: "write", contents: "read", "pull-requests": "write" },
  // Jobs that it calls get no more than this, and each of them less.
  "deploy.yml stage": { actions: "write", contents: "read", "id-token": "write", "pull-requests": "write" },
  "release.yml release": { attestations: "write", contents: "write", "id-token": "write" },
  "drift.yml drift": { contents: "read", "id-token": "write", issues: "write" },
};

describe("the workflows", () => {
  let files: readonly WorkflowFile[];
  let scripts: readonly string[];
  const listJobs = (...names: readonly string[]): readonly (readonly [string, Job])[] =>
    files
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .flatMap(({ name, workflow }) =>
        Object.entries(workflow.jobs).map(([job, definition]) => [`${name} ${job}`, definition] as const),
      );
  const job = (name: string): Job => {
    const namedJob = listJobs().find(([jobName]) => jobName === name)?.[1];
    if (namedJob === undefined) throw new Error(`There is no job ${name}`);
    return namedJob;
  };
  const shippedWorkflows = ["plan.yml", "deploy.yml", "deploy-stage.yml", "drift.yml", "release.yml"];

  before(async () => {
    files = await readWorkflows();
    const manifest = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")));
    scripts = Object.keys(manifest.scripts);
  });

  it("are complete", () => {
    expect(files.map(({ name }) => name)).to.include.members([...shippedWorkflows, "ci.yml"]);
  });

  it("pass GitHub's own parser", async () => {
    for (const { name, text } of files) expect(await lint(name, text), name).to.deep.equal([]);
  });

  it("fail in that parser with a wrong key or expression", async () => {
    const [plan] = files.filter(({ name }) => name === "plan.yml");
    const text = plan?.text ?? "";
    expect(await lint("plan.yml", text.replace("timeout-minutes", "timeout-hours"))).to.not.deep.equal([]);
    expect(await lint("plan.yml", text.replace("matrix.stage }}", "matrx.stage }}"))).to.not.deep.equal([]);
  });

  it("pin every action by commit, with its version", () => {
    for (const { name, text } of files)
      for (const [line, target] of text.matchAll(/^\s*-? ?uses: (\S+).*$/gm))
        if (!target?.startsWith("./"))
          expect(line, `${name}: ${line}`).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("pin one action by one commit", () => {
    const pins = new Map<string, Set<string>>();
    for (const [, { steps }] of listJobs())
      for (const { uses } of steps) {
        const [action = "", commit = ""] = uses?.split("@") ?? [];
        if (uses !== undefined) pins.set(action, (pins.get(action) ?? new Set()).add(commit));
      }
    for (const [action, commits] of pins) expect([...commits], action).to.have.length(1);
  });

  it("grant each job only its permissions", () => {
    for (const [name, { permissions }] of listJobs(...shippedWorkflows))
      expect(permissions, name).to.deep.equal(granted[name]);
    for (const { name, workflow } of files)
      if (shippedWorkflows.includes(name)) expect(workflow.permissions, name).to.deep.equal({});
      else expect(workflow.permissions, name).to.deep.equal({ contents: "read" });
  });

  it("run no untrusted code with permissions, and put no event text into a command", () => {
    for (const { name, text, workflow } of files) {
      expect(Object.keys(workflow.on), name).to.not.include.members(["pull_request_target"]);
      expect(Object.keys(workflow.on), name).to.not.include.members(["workflow_run"]);
      expect(text, name).to.not.contain("secrets: inherit");
    }
    for (const [name, { steps }] of listJobs())
      for (const { run = "" } of steps) expect(run, name).to.not.contain("${" + "{");
  });

  it("leave no token in the checkout", () => {
    for (const [name, { steps }] of listJobs())
      for (const step of steps)
        if (step.uses?.startsWith("actions/checkout@"))
          expect(step.with, name).to.deep.equal({ "persist-credentials": false });
  });

  it("have time limits", () => {
    for (const [name, { uses, "timeout-minutes": minutes }] of listJobs())
      if (uses === undefined) expect(minutes, name).to.be.within(1, 120);
  });

  it("run only commands that run on a developer's machine too", () => {
    for (const [name, { steps }] of listJobs(...shippedWorkflows))
      for (const { run } of steps)
        if (run !== undefined) expect(runMistakes(run, scripts), `${name}: ${run}`).to.deep.equal([]);
  });

  it("fail this check with an unknown command, option or script", () => {
    expect(runMistakes("npx reelway plan", scripts)).to.deep.equal(["--stage is missing"]);
    expect(runMistakes("npx reelway apply --stage dev --reviewed x --force", scripts)).to.deep.equal([
      "no option --force",
    ]);
    expect(runMistakes("npx reelway github publish", scripts)).to.deep.equal(["no command github publish"]);
    expect(runMistakes("npm run nothing", scripts)).to.deep.equal(["no script: npm run nothing"]);
    expect(runMistakes("curl x | sh", scripts)).to.deep.equal(["not one of ours: curl x | sh"]);
  });

  it("assume no role in a fork, and change the account from main only", () => {
    const assumesRole = ({ steps }: Job) =>
      steps.some(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
    expect(
      listJobs()
        .filter(([, one]) => assumesRole(one))
        .map(([name]) => name),
    ).to.deep.equal(["deploy-stage.yml apply", "drift.yml drift", "plan.yml plan"]);
    expect(job("plan.yml plan").if).to.contain(
      "github.event.pull_request.head.repo.full_name == github.repository",
    );
    for (const name of ["deploy.yml stage", "drift.yml drift"])
      expect(job(name).if).to.contain("github.ref == 'refs/heads/main'");
    expect(job("deploy-stage.yml apply").environment).to.equal("$" + "{{ inputs.stage }}");
  });

  it("plan without a lock, and apply one after the other without cancellation", () => {
    const runs = job("plan.yml plan").steps.flatMap(({ run = "" }) => run);
    expect(runs.find((run) => run.startsWith("npx reelway plan "))).to.contain(" --no-lock ");
    expect(job("deploy-stage.yml apply").concurrency).to.deep.equal({
      group: "deploy-$" + "{{ inputs.stage }}",
      "cancel-in-progress": false,
    });
  });

  it("keep Terraform's own documents, which hold secrets, out of artifacts", () => {
    for (const [name, { steps }] of listJobs(...shippedWorkflows))
      for (const step of steps)
        if (step.uses?.startsWith("actions/upload-artifact@"))
          for (const path of String(step.with.path).trim().split("\n"))
            expect(path.trim(), name).to.match(/^\w+\/(summary\.json|\*\.md)$|^drift$/);
  });
});
