import { type ChildProcess, execFile } from "node:child_process";
import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import sharp from "sharp";
import { createHumanDetector, type HumanDetector } from "../../../adapters/local/human-detector.ts";
import { humanPackages } from "../../../adapters/local/human-packages.ts";
import { createModelFetch } from "../../../adapters/local/model-files.ts";
import { DetectionFailure } from "../../../pipeline/ports/label-detector.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const readPhoto = (name: string) => readFile(join(root, "examples/highlights", name));
const toRequest = (image: Uint8Array, minConfidence = 40) => ({
  image,
  timeSeconds: 0,
  minConfidence,
  celebrities: false,
});
const catchFailure = (promise: Promise<unknown>) => promise.catch((cause: unknown) => cause);

describe("the label detector of one machine", () => {
  let detector: HumanDetector;
  let photo: Buffer;
  before(async () => {
    photo = await readPhoto("astronaut.jpg");
    detector = createHumanDetector();
  });
  after(() => detector.close());

  it("finds the person and the cup in the photographs, and where they are", async () => {
    const { labels: astronaut } = await detector.detect(toRequest(photo));
    const { labels: coffee } = await detector.detect(toRequest(await readPhoto("coffee.jpg")));

    expect(astronaut.map(({ name }) => name)).to.deep.equal(["person"]);
    expect(astronaut[0]?.confidence).to.be.within(55, 70);
    const [person] = astronaut[0]?.boxes ?? [];
    expect(person?.left).to.be.within(0, 0.1);
    expect(person?.width).to.be.within(0.55, 0.8);
    expect(person?.height).to.be.above(0.9);
    expect(coffee.map(({ name }) => name)).to.deep.equal(["cup"]);
    expect(coffee[0]?.confidence).to.be.within(50, 68);
    const [cup] = coffee[0]?.boxes ?? [];
    expect(cup?.left).to.be.within(0.2, 0.35);
    expect(cup?.width).to.be.within(0.3, 0.5);
    expect(cup?.top).to.be.within(0, 0.15);
  });

  it("finds objects in wide frames as surely, and locates them in the frame", async () => {
    const wide = sharp(photo).resize(1280, 720, { fit: "contain", background: "#333" });
    const { labels } = await detector.detect(toRequest(await wide.jpeg().toBuffer()));

    expect(labels.map(({ name }) => name)).to.deep.equal(["person"]);
    expect(labels[0]?.confidence).to.be.within(55, 75);
    const [person] = labels[0]?.boxes ?? [];
    expect(person?.left).to.be.within(0.2, 0.27);
    expect(person?.width).to.be.within(0.32, 0.45);
    expect(person?.height).to.be.within(0.9, 1);
  });

  it("answers requests that are made together, each with its own labels, from one process", async () => {
    const { pid } = detector;
    const images = [photo, await readPhoto("coffee.jpg"), photo];
    const answers = await Promise.all(images.map((image) => detector.detect(toRequest(image))));

    expect(answers.map(({ labels }) => labels[0]?.name)).to.deep.equal(["person", "cup", "person"]);
    expect(detector.pid).to.equal(pid).and.to.be.a("number");
  });

  it("stops waiting when the signal is aborted, and answers the next request", async () => {
    const controller = new AbortController();
    const detection = catchFailure(detector.detect(toRequest(photo), controller.signal));
    const reason = new Error("the run is over");
    controller.abort(reason);

    expect(await detection).to.equal(reason);
    expect((await detector.detect(toRequest(photo))).labels[0]?.name).to.equal("person");
  });

  it("rejects as transient if its process is killed, and starts another", async () => {
    const { pid } = detector;
    const detections = [1, 2].map(() => catchFailure(detector.detect(toRequest(photo))));
    process.kill(pid ?? 0, "SIGKILL");

    for (const detection of detections) {
      const failure = await detection;
      expect(failure)
        .to.be.instanceOf(DetectionFailure)
        .and.to.include({ kind: "transient", retryable: true });
      expect(String(failure)).to.include("SIGKILL");
    }
    expect((await detector.detect(toRequest(photo))).labels[0]?.name).to.equal("person");
    expect(detector.pid).to.be.a("number").and.not.equal(pid);
  });

  it("ends its process if it does not answer in time", async () => {
    const hasty = createHumanDetector({ timeoutSeconds: 0.01 });

    const failure = await catchFailure(hasty.detect(toRequest(photo)));

    expect(failure).to.be.instanceOf(DetectionFailure).and.to.include({ kind: "transient" });
    expect(hasty.pid).to.equal(undefined);
  });

  it("ends its process when it is idle, and starts another with the next request", async () => {
    const brief = createHumanDetector({ idleSeconds: 0.01 });
    const children: ChildProcess[] = [];
    const collect = (message: unknown): void =>
      void children.push((message as { process: ChildProcess }).process);
    const spawns = channel("child_process");
    spawns.subscribe(collect);
    await brief.detect(toRequest(photo));
    spawns.unsubscribe(collect);
    const [child] = children;
    if (child === undefined) throw new Error("The detector has started no process.");
    const { pid } = child;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(brief.pid).to.equal(undefined);

    await brief.detect(toRequest(photo));
    expect(brief.pid).to.not.equal(pid);
    await brief.close();
    expect(() => process.kill(pid ?? 0, 0)).to.throw("ESRCH");
  });

  it("does not keep a program running, nor its own process after it", async () => {
    const program = `
      import { readFile } from "node:fs/promises";
      import { createHumanDetector } from ${JSON.stringify(join(root, "dist/adapters/local/human-detector.js"))};
      const detector = createHumanDetector();
      const image = await readFile("examples/highlights/astronaut.jpg");
      await detector.detect({ image, timeSeconds: 0, minConfidence: 40, celebrities: false });
      console.log(detector.pid);
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { cwd: root, timeout: 25_000 },
    );

    const pid = Number(stdout);
    expect(pid).to.be.above(0);
    const isRunning = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isRunning()) await delay(5);
  });

  it("names the command that installs missing packages, with the versions of package.json", async () => {
    const missing = createHumanDetector({ packageFolders: [tmpdir()] });

    const failure = await catchFailure(missing.detect(toRequest(photo)));

    expect(failure)
      .to.be.instanceOf(DetectionFailure)
      .and.to.include({ kind: "unavailable", retryable: false });
    const { peerDependencies, devDependencies } = JSON.parse(
      await readFile(join(root, "package.json"), "utf8"),
    );
    expect(peerDependencies).to.include(humanPackages);
    expect(devDependencies).to.include(humanPackages);
    for (const [name, version] of Object.entries(humanPackages))
      expect(String(failure))
        .to.match(/npm install /)
        .and.to.include(`${name}@${version}`);
  });

  it("reads models from their folder only, and downloads nothing", async () => {
    const fetchModel = createModelFetch("/models");
    for (const url of [
      "http://127.0.0.1/models/a.json",
      "https://example.com/a.json",
      "file:///etc/passwd",
      "file:///models/../etc/passwd",
      "file:///models",
      "file:///models-of-others/a.json",
      "data:application/json,{}",
    ])
      expect(String(await catchFailure(fetchModel(url))), url).to.include(
        "Models are read from /models only",
      );
    expect(String(await catchFailure(fetchModel("file:///models/missing.json")))).to.include("ENOENT");
  });
});
