import { expect } from "chai";
import { jobEventsEnvironment } from "../../../pipeline/environment/job-events.ts";
import { EnvironmentError, parseEnvironment } from "../../../pipeline/environment/parse-environment.ts";
import { reconcilerEnvironment } from "../../../pipeline/environment/reconciler.ts";
import { routerEnvironment } from "../../../pipeline/environment/router.ts";
import { sweepEnvironment } from "../../../pipeline/environment/sweep.ts";

const complete = {
  CONFIGURATION: "{}",
  OUTPUT_BUCKET: "out",
  JOBS_TABLE: "jobs",
  TOPIC_ARN: "arn",
  TRANSCODER_KEYS_SECRET: "keys",
  AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: "https://transcoder.example",
  AWS_REGION: "us-east-1",
  TRANSCODER_PIPELINE_ID: "p",
  CLUSTER: "c",
  TASK_DEFINITION: "t",
  CONTAINER_NAME: "worker",
  SUBNETS: "a,b",
  SECURITY_GROUPS: "g",
  INPUT_BUCKET: "in",
  ROLE_NAME: "r",
  STAGE_NAME: "dev",
};

describe("parseEnvironment", () => {
  for (const [name, schema] of Object.entries({
    router: routerEnvironment,
    reconciler: reconcilerEnvironment,
    sweep: sweepEnvironment,
    "job-events": jobEventsEnvironment,
  }))
    it(`parses the variables of ${name}`, () => {
      expect(parseEnvironment(name, schema, complete).JOBS_TABLE).to.equal("jobs");
    });

  it("splits lists", () => {
    expect(parseEnvironment("router", routerEnvironment, complete).SUBNETS).to.eql(["a", "b"]);
  });

  it("names every missing or invalid variable without its value", () => {
    const { JOBS_TABLE: _, ...rest } = complete;
    const read = () =>
      parseEnvironment("router", routerEnvironment, {
        ...rest,
        OUTPUT_BUCKET: "",
        AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: "not-a-url",
      });
    expect(read).to.throw(EnvironmentError, /router cannot start.*JOBS_TABLE is missing/);
    expect(read).to.throw(/OUTPUT_BUCKET: /);
    expect(read).to.throw(/AWS_ENDPOINT_URL_ELASTIC_TRANSCODER: (?!.*not-a-url)/);
  });
});
