import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { checkGithub, runGithubCheck } from "../../../terraform/doctor/check-github.ts";
import { type RepositoryIds, readRepositoryIds } from "../../../terraform/pull-request/github-ids.ts";
import { buildDeployment } from "./scripted-account.ts";

const ids: RepositoryIds = {
  fullName: "films/site",
  ownerId: "12",
  repositoryId: "345",
  createdAt: new Date("2026-07-15T00:00:00Z"),
  usesIds: undefined,
  isCustomized: false,
};
const old = { ...ids, createdAt: new Date("2026-07-14T23:59:59Z") };
const render = (settings: object, found: RepositoryIds): string => {
  const { status, message, nextStep } = checkGithub({ repository: "films/site", ...settings }, found);
  return `${status}: ${message} → ${nextStep}`;
};

describe("the GitHub check of a stage", () => {
  const path = process.env.PATH;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-gh-"));
    process.env.PATH = `${folder}${delimiter}${path}`;
  });
  afterEach(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true, force: true });
  });
  /** Writes a program `gh` that prints these documents, and fails for other paths. */
  const writeGh = (documents: Readonly<Record<string, unknown>>): Promise<void> => {
    const cases = Object.entries(documents).map(
      ([url, document]) => `${url}) echo '${JSON.stringify(document)}';;`,
    );
    const script = `#!/bin/sh\ncase "$2" in\n${cases.join("\n")}\n*) echo "HTTP 404" >&2; exit 1;;\nesac\n`;
    return writeFile(join(folder, "gh"), script, { mode: 0o755 });
  };
  const repository = {
    id: 345,
    full_name: "films/site",
    created_at: "2026-08-01T10:00:00Z",
    owner: { id: 12 },
  };

  it("asks for the ids of a repository whose tokens contain them, with the line to paste", () => {
    for (const found of [ids, { ...old, usesIds: true }])
      expect(render({}, found)).to.match(
        /^failure: the tokens of films\/site contain ids.*: repository: "films\/site", ownerId: 12, repositoryId: 345$/,
      );
  });

  it("warns about an older repository if GitHub does not say what its tokens contain", () => {
    expect(render({}, old)).to.match(/^warning: .*renamed, transferred.*ownerId: 12/);
    expect(render({}, { ...ids, usesIds: false })).to.match(/^ok: .*by its name/);
  });

  it("accepts the repository's own ids only, as numbers or texts", () => {
    expect(render({ ownerId: 12, repositoryId: "345" }, ids)).to.match(/^ok: .*by its ids/);
    expect(render({ ownerId: 12, repositoryId: 346 }, ids)).to.match(/^failure: ownerId or repositoryId/);
    expect(render({ ownerId: 12, repositoryId: 345 }, { ...ids, usesIds: false })).to.match(
      /^failure: .*do not contain ids.*Remove ownerId/,
    );
  });

  it("finds a renamed repository, and a subject of its own", () => {
    expect(render({}, { ...ids, fullName: "films/web" })).to.match(
      /^failure: films\/site is now named films\/web.*repository: "films\/web"/,
    );
    expect(render({}, { ...ids, isCustomized: true })).to.match(/^failure: .*-F use_default=true$/);
  });

  it("reads the ids with gh, with or without access to the customization", async () => {
    await writeGh({ "repos/films/site": repository });
    const withoutAccess = await readRepositoryIds("films/site");
    expect(withoutAccess).to.deep.equal({ ...ids, createdAt: new Date("2026-08-01T10:00:00Z") });

    const url = "repos/films/site/actions/oidc/customization/sub";
    await writeGh({
      "repos/films/site": repository,
      [url]: { use_default: false, use_immutable_subject: true },
    });
    expect(await readRepositoryIds("films/site")).to.deep.equal({
      ...withoutAccess,
      usesIds: true,
      isCustomized: true,
    });
  });

  it("says how to read the ids without gh, and is left out without a repository", async () => {
    process.env.PATH = folder;
    const [result] = await runGithubCheck(buildDeployment({ github: { repository: "films/site" } }));

    expect(result?.status).to.equal("warning");
    expect(result?.nextStep).to.match(/^gh auth login, then: gh api repos\/films\/site --jq/);
    expect(await runGithubCheck(buildDeployment())).to.deep.equal([]);
  });
});
