import { PassThrough } from "node:stream";
import { expect } from "chai";
import { type Ask, withQuestions } from "../../cli/ask.ts";
import { parseRegion } from "../../project/settings.ts";

const region = { label: "AWS Region", defaultAnswer: "us-east-1", parse: parseRegion };

describe("questions on the terminal", () => {
  let input: PassThrough;
  let output: PassThrough;
  beforeEach(() => {
    input = new PassThrough();
    output = new PassThrough();
  });
  const question = <Value>(use: (ask: Ask) => Promise<Value>) => withQuestions({ input, output }, use);
  const readOutput = () => String(output.read());

  it("use the default for an empty answer", async () => {
    input.write("\n");
    expect(await question((ask) => ask(region))).to.equal("us-east-1");
    expect(readOutput()).to.equal("AWS Region [us-east-1]: ");
  });

  it("are repeated with the reason until the answer is valid", async () => {
    const answers = ["europe\n", " eu-west-1 \n"];
    let shown = "";
    output.on("data", (text) => {
      shown += String(text);
      if (shown.endsWith("]: ")) input.write(answers.shift() ?? "\n");
    });
    expect(await question((ask) => ask(region))).to.equal("eu-west-1");
    expect(shown.split("\n")[0]).to.equal(
      'AWS Region [us-east-1]: Region "europe" must be an AWS region such as us-east-1.',
    );
  });

  it("end with an error if the input ends", async () => {
    input.end();
    const error = await question((ask) => ask(region)).catch((cause: unknown) => cause);
    expect(error).to.have.property("name", "AbortError");
  });
});
