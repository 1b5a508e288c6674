import { expect } from "chai";
import { UserError } from "../../pipeline/errors/errors.ts";
import {
  type ExistingFiles,
  type ProjectPath,
  type ProjectTemplates,
  planFiles,
} from "../../project/plan-files.ts";
import { readTemplates } from "../../project/templates.ts";

const settings = { project: "film", stages: ["dev", "prod"], region: "us-east-1" };
const digest = `sha256:${"0".repeat(64)}`;

describe("the plan of a project's files", () => {
  let templates: ProjectTemplates;
  let complete: ExistingFiles;
  before(async () => {
    templates = await readTemplates();
    complete = Object.fromEntries(
      planFiles(settings, templates, {}).map(({ path, content }) => [path, content]),
    );
  });
  /** Plans one file of a project that is complete otherwise. */
  const planFile = (path: ProjectPath, text: string, shouldWrite = false) => {
    const files = planFiles(settings, templates, { ...complete, [path]: text }, shouldWrite);
    const file = files.find((one) => one.path === path);
    if (file === undefined) throw new Error(`${path} is not planned`);
    return { status: file.status, content: file.content };
  };
  const planManifest = (manifest: object) => {
    const { status, content } = planFile("package.json", JSON.stringify(manifest));
    return { status, manifest: JSON.parse(content) };
  };
  const sharedPackages = () => {
    const { "@cdktf/provider-aws": provider, cdktf, constructs } = templates.reelway.devDependencies;
    return { "@cdktf/provider-aws": provider, cdktf, constructs };
  };

  it("creates every file in an empty folder, and finds all of them unchanged afterwards", () => {
    const statuses = (existing: ExistingFiles) =>
      new Set(planFiles(settings, templates, existing).map(({ status }) => status));
    expect(statuses({})).to.deep.equal(new Set(["created"]));
    expect(statuses(complete)).to.deep.equal(new Set(["unchanged"]));
  });

  it("shows an existing file that differs, and updates it only on request", () => {
    for (const path of ["cdktf.json", "tsconfig.json", ".github/workflows/plan.yml"] as const) {
      const content = complete[path];
      expect(planFile(path, "changed\n"), path).to.deep.equal({ status: "differs", content });
      expect(planFile(path, "changed\n", true), path).to.deep.equal({ status: "updated", content });
    }
  });

  it("never changes the configuration, the app, the hook and the README of the team", () => {
    for (const path of ["reelway.config.ts", "main.ts", "hooks/on-output.ts", "README.md"] as const)
      expect(planFile(path, "changed\n", true).status, path).to.equal("kept");
  });

  it("names the project in cdktf.json and README.md", () => {
    expect(JSON.parse(complete["cdktf.json"] ?? "")).to.deep.equal({
      ...JSON.parse(templates.files["cdktf.json"]),
      app: "npx reelway synth",
      projectId: "film",
    });
    expect(complete["README.md"])
      .to.match(/^# film\n/)
      .and.to.include("reelway deploy --stage dev");
    expect(complete["README.md"]).to.not.match(/PROJECT|STAGE/);
  });

  it("adds missing lines to .gitignore", () => {
    const { status, content } = planFile(".gitignore", "*.log\nnode_modules/");
    expect(status).to.equal("differs");
    expect(content).to.equal("*.log\nnode_modules/\n.reelway/\ncdktf.out/\n*.tfstate*\n.terraform/\n");
    expect(planFile(".gitignore", `${complete[".gitignore"]}*.log\n`).status).to.equal("unchanged");
  });

  describe("package.json", () => {
    const scripts = {
      demo: "reelway demo",
      start: "reelway start",
      synth: "reelway synth",
      policy: "reelway policy",
    };
    const completeManifest = () => ({
      name: "film",
      private: true,
      type: "module",
      scripts,
      dependencies: { reelway: `^${templates.reelway.version}` },
      devDependencies: {
        ...sharedPackages(),
        "@types/node": templates.reelway.devDependencies["@types/node"],
      },
    });

    it("has the scripts, and the packages at the versions of Reelway itself", () => {
      expect(Object.values(sharedPackages())).to.not.include(undefined);
      expect(JSON.parse(complete["package.json"] ?? "")).to.deep.equal(completeManifest());
    });

    it("is completed if npm install alone wrote it, which keeps the dependency", () => {
      const dependencies = { reelway: "file:../reelway-0.2.0.tgz", zod: "4.0.0" };
      expect(planManifest({ dependencies })).to.deep.equal({
        status: "updated",
        manifest: { ...completeManifest(), dependencies },
      });
    });

    it("otherwise only gets missing scripts and the versions of the shared packages, where they are listed", () => {
      const existing = {
        name: "ours",
        scripts: { test: "mocha", start: "node server.js" },
        dependencies: { cdktf: "^0.20.0", reelway: "0.1.0" },
        license: "MIT",
        devDependencies: { constructs: "10.0.0", typescript: "5.9.3" },
      };
      const { cdktf, ...others } = sharedPackages();
      const { status, manifest } = planManifest(existing);
      expect(status).to.equal("differs");
      expect(manifest).to.deep.equal({
        ...existing,
        scripts: { ...scripts, ...existing.scripts },
        dependencies: { cdktf, reelway: "0.1.0" },
        devDependencies: { ...existing.devDependencies, ...others },
      });
      expect(Object.keys(manifest)).to.deep.equal(Object.keys(existing));
      expect(Object.keys(manifest.scripts).slice(0, 2)).to.deep.equal(["test", "start"]);
    });

    it("keeps its indentation, and its exact text if nothing is missing", () => {
      const tabs = `${JSON.stringify({ ...completeManifest(), version: "1.0.0" }, null, "\t")}`;
      expect(planFile("package.json", tabs)).to.deep.equal({ status: "unchanged", content: tabs });
      const { content } = planFile("package.json", JSON.stringify({ name: "ours" }, null, "\t"));
      expect(content).to.include('\n\t"scripts": {\n\t\t"demo"');
    });

    it("is refused with its name if it is not valid", () => {
      expect(() => planFile("package.json", "{")).to.throw(UserError, "package.json is not a JSON object");
      expect(() => planManifest({ name: "ours", scripts: [] })).to.throw(
        UserError,
        "package.json: scripts must",
      );
    });
  });

  describe("image.json", () => {
    it("has no digest at first", () => {
      expect(JSON.parse(complete["image.json"] ?? "")).to.deep.equal({
        repository: JSON.parse(templates.files["image.json"]).repository,
        digest: null,
        contextHash: templates.contextHash,
      });
    });

    it("keeps repository and digest; only the hash of the sources is updated", () => {
      const record = { repository: "registry.example/ffmpeg", digest };
      const planned = planFile("image.json", JSON.stringify({ ...record, contextHash: "0" }), true);
      expect(planned.status).to.equal("updated");
      expect(JSON.parse(planned.content)).to.deep.equal({ ...record, contextHash: templates.contextHash });
      const current = JSON.stringify({ ...record, contextHash: templates.contextHash });
      expect(planFile("image.json", current, true).status).to.equal("unchanged");
    });
  });
});
