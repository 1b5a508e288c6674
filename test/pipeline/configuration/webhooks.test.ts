import { expect } from "chai";
import { ConfigurationError, parseConfiguration } from "../../../pipeline/configuration/schema.ts";
import { selectWebhooks } from "../../../pipeline/configuration/webhooks-schema.ts";
import defaults from "../../../reelway.config.ts";

const catalog = {
  name: "catalog",
  url: "https://hooks.example.com/reelway?x=1",
  secret: "reelway/catalog",
  events: ["job.complete"],
};

const findProblems = (...webhooks: readonly unknown[]): readonly string[] => {
  try {
    parseConfiguration({ ...defaults, webhooks });
    return [];
  } catch (cause) {
    if (cause instanceof ConfigurationError) return cause.problems;
    throw cause;
  }
};

describe("webhooks in the configuration", () => {
  it("are optional, and may share a secret", () => {
    expect(parseConfiguration(defaults).webhooks).to.deep.equal([]);
    expect(findProblems(catalog, { ...catalog, name: "archive", stages: ["dev", "local"] })).to.deep.equal(
      [],
    );
  });

  it("need a URL that AWS can reach and that does not contain a secret", () => {
    for (const [url, problem] of [
      ["hooks.example.com", "is not a valid URL"],
      ["http://hooks.example.com/", "must begin with https://"],
      ["ftp://hooks.example.com/", "must begin with https://"],
      [
        "https://ann:secret@hooks.example.com/",
        "must not contain a user name or a password; the signature proves the sender",
      ],
      ["https://hooks.example.com/#a", "must not contain a fragment (#…)"],
      [
        "https://169.254.169.254/",
        "must have a host name, such as media.example.com, instead of an IP address",
      ],
      ["https://0x7f.1:8443/", "is on loopback, which only the runtime on one machine can reach"],
      ["https://[fd00::1]/", "must have a host name, such as media.example.com, instead of an IP address"],
      ["http://localhost:3000/", 'set stages: ["local"]'],
    ] as const)
      expect(findProblems({ ...catalog, url }).join("\n"), url)
        .to.match(/^webhook "catalog", url: /)
        .and.include(problem);
  });

  it("may have a URL on loopback only for the runtime on one machine", () => {
    for (const url of ["http://127.0.0.1:3000/", "http://localhost:3000/", "http://[::1]:3000/"]) {
      expect(findProblems({ ...catalog, url, stages: ["local"] }), url).to.deep.equal([]);
      expect(findProblems({ ...catalog, url, stages: ["local", "dev"] }), url).to.have.length(1);
    }
    expect(findProblems({ ...catalog, url: "http://10.0.0.1/", stages: ["local"] })).to.have.length(1);
  });

  it("have unique names, known events, and existing stages", () => {
    expect(findProblems(catalog, { ...catalog, stages: ["dev", "test"] })).to.deep.equal([
      'webhook "catalog", name: is used twice',
      'webhook "catalog", stages: stage "test" does not exist; available stages: dev, prod, local',
    ]);
    expect(findProblems({ ...catalog, events: [] })[0]).to.match(/^webhook "catalog", events: /);
    expect(findProblems({ ...catalog, events: ["job.done"] })[0])
      .to.match(/^webhook "catalog", events\.0: /)
      .and.include("job.complete");
    for (const name of ["", "Catalog", "a--b", "a-", "1a", "catalog-dlq", "a".repeat(33)])
      expect(findProblems({ ...catalog, name }), name).to.have.length(1);
    for (const secret of ["", "../secret", "arn:aws:secretsmanager:eu-central-1:1:secret:s", "a b"])
      expect(findProblems({ ...catalog, secret })[0], secret).to.include('webhook "catalog", secret: ');
    expect(findProblems({ ...catalog, headers: {} })).to.have.length(1);
    expect(
      findProblems(...Array.from({ length: 11 }, (_, index) => ({ ...catalog, name: `w${index}` }))),
    ).to.have.length(1);
    expect(findProblems({ url: catalog.url })[0]).to.match(/^webhook "number 1", name: /);
  });

  it("belong to every stage on AWS, or to the stages that they name", () => {
    const { webhooks } = parseConfiguration({
      ...defaults,
      webhooks: [
        catalog,
        { ...catalog, name: "archive", stages: ["prod"] },
        { ...catalog, name: "test", url: "http://127.0.0.1:1/", stages: ["local"] },
      ],
    });
    const select = (stage: string) => selectWebhooks(webhooks, stage).map(({ name }) => name);

    expect([select("dev"), select("prod"), select("local")]).to.deep.equal([
      ["catalog"],
      ["catalog", "archive"],
      ["test"],
    ]);
  });
});
