import { expect } from "chai";
import { UsageError } from "../../pipeline/errors/errors.ts";
import {
  defaultRegion,
  defaultStages,
  parseProjectName,
  parseRegion,
  parseStages,
  toProjectName,
} from "../../project/settings.ts";
import defaults from "../../reelway.config.ts";

describe("the settings of a new project", () => {
  it("have the stages and the region of Reelway's own configuration as defaults", () => {
    expect(Object.keys(defaults.stages)).to.deep.equal(defaultStages);
    expect(new Set(Object.values(defaults.stages).map(({ region }) => region))).to.deep.equal(
      new Set([defaultRegion]),
    );
  });

  it("have a project name derived from the folder's name, if enough of it is left", () => {
    const names = {
      film: "film",
      "My Film_Archive": "my-film-archive",
      "2026 Course--Videos": "course-videos",
      "a-very-long-folder-name": "a-very-long-fold",
      "fifteen-letter--": "fifteen-letter",
      "sg-sg-films": "films",
      "1": undefined,
      映画: undefined,
      "": undefined,
    };
    for (const [folder, name] of Object.entries(names)) expect(toProjectName(folder), folder).to.equal(name);
  });

  it("remove duplicate stages", () => {
    expect(parseStages(["dev", "prod", "dev"])).to.deep.equal(["dev", "prod"]);
  });

  it("are validated by the rules of the configuration, and the error names the value and the rule", () => {
    const reject = (parse: () => unknown, message: string) => expect(parse).to.throw(UsageError, message);
    reject(() => parseProjectName("My App"), 'Project name "My App" must be 2–16 of a–z, 0–9');
    reject(() => parseStages(["dev", "Prod"]), 'Stage "Prod" must be 1–12 of a–z and 0–9.');
    reject(() => parseStages([""]), 'Stage "" must be 1–12 of a–z and 0–9.');
    reject(() => parseRegion("europe"), 'Region "europe" must be an AWS region such as us-east-1.');
  });
});
