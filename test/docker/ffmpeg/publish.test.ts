import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore, type LocalObjectStore } from "../../../adapters/local/object-store.ts";
import { AttemptAborted } from "../../../docker/ffmpeg/failures/attempt-aborted.ts";
import { OutputGroups } from "../../../docker/ffmpeg/outputs/output-groups.ts";
import { checkKeys, createPublication } from "../../../docker/ffmpeg/outputs/publish.ts";
import type { Preset } from "../../../pipeline/elastic-transcoder/presets/preset.ts";
import { getPlaylistGroup } from "../../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import type { TranscodeRecipe } from "../../../pipeline/elastic-transcoder/transcode/transcode-recipe.ts";
import type { PlannedOutput } from "../../../pipeline/encoding/plan.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

const preset: Preset = { Id: "1111111111111-custom", Name: "custom", Container: "ts" };
const output = { preset, rotate: "auto" } as const;
const list = { name: "list", format: "HLSv3", outputKeys: ["a", "b"] } as const;
const recipe: TranscodeRecipe = {
  name: "transcode",
  outputs: [
    { ...output, key: "a", segmentSeconds: 5 },
    { ...output, key: "b", segmentSeconds: 5 },
    { ...output, key: "c" },
  ],
  playlists: [list],
};
const order: AttemptSpecification = {
  id: "1111111111111-job111",
  attempt: 1,
  source: { bucket: "input", key: "source.mp4", bytes: 1 },
  recipe,
  outputBucket: "output",
  outputKeys: ["a", "b", "c"],
  metadata: {},
  ownership: { kind: "strict", job: "1111111111111-job111" },
  limits: { maxSourceMinutes: 1, maxVideoPixels: 1, maxImagePixels: 1 },
};

describe("publication of a job with several output groups", () => {
  let folder = "";
  let objects: LocalObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-publish-"));
    objects = createLocalObjectStore({ directory: join(folder, "objects") });
    await writeFile(join(folder, "file"), "made");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const buildCheckedFile = (key: string, outputGroup: string, more: Partial<PlannedOutput> = {}) => ({
    plannedOutput: {
      path: join(folder, "file"),
      key,
      contentType: "video/mp2t",
      isManifest: false,
      outputGroup: outputGroup,
      ...more,
    },
    output: { key, bytes: 4 },
  });
  const buildCheckedFiles = () => [
    buildCheckedFile("a00000.ts", "a"),
    buildCheckedFile("a.m3u8", "a", { isManifest: true, durationSeconds: 5 }),
    buildCheckedFile("b00000.ts", "b"),
    buildCheckedFile("b00001.ts", "b"),
    buildCheckedFile("b.m3u8", "b", { isManifest: true, durationSeconds: 9 }),
    buildCheckedFile("t00001.png", "c", { isThumbnail: true }),
    buildCheckedFile("c", "c"),
    buildCheckedFile("list.m3u8", getPlaylistGroup(list), { isManifest: true, dependsOn: ["a", "b"] }),
  ];
  const writeForeignObject = (key: string) =>
    objects.write({ bucket: "output", key }, { text: "theirs" }, { contentType: "text/plain" });
  const keys = async () => {
    const storedKeys: string[] = [];
    for await (const { key } of objects.list("output", "")) storedKeys.push(key);
    return storedKeys;
  };
  const errors = (groups: OutputGroups) => groups.report([])?.map(({ key, error }) => [key, error?.code]);
  const failure = async (act: Promise<unknown>) => {
    const cause: unknown = await act.catch((caught: unknown) => caught);
    return cause instanceof JobFailure ? cause.code : cause;
  };

  it("publishes all groups and reports the requested outputs", async () => {
    const groups = new OutputGroups(recipe);
    await createPublication(
      { objects },
      order,
      buildCheckedFiles(),
      new AbortController().signal,
      groups,
    ).publish(() => undefined);

    expect(await keys()).to.have.length(8);
    expect(groups.collectOutputs(buildCheckedFiles())).to.deep.equal([
      { key: "a", bytes: 8 },
      { key: "b", bytes: 12 },
      { key: "c", bytes: 4 },
    ]);
    expect(errors(groups)).to.deep.equal([
      ["a", undefined],
      ["b", undefined],
      ["c", undefined],
      ["list", undefined],
    ]);
  });

  it("omits a group whose key belongs to another source, and its dependents", async () => {
    await writeForeignObject("b00001.ts");
    const groups = new OutputGroups(recipe);
    await createPublication(
      { objects },
      order,
      buildCheckedFiles(),
      new AbortController().signal,
      groups,
    ).publish(() => undefined);

    expect(await keys()).to.deep.equal(["a.m3u8", "a00000.ts", "b00001.ts", "c", "t00001.png"]);
    expect(errors(groups)).to.deep.equal([
      ["a", undefined],
      ["b", 3002],
      ["c", undefined],
      ["list", 1001],
    ]);
  });

  it("withdraws a group's files if one of its keys turns out to be taken", async () => {
    const groups = new OutputGroups(recipe);
    const racing: LocalObjectStore = {
      ...objects,
      async write(reference, body, options) {
        // Another client writes after the keys were checked.
        if (reference.key === "b.m3u8" && "absent" in (options.condition ?? {}))
          await writeForeignObject("b.m3u8");
        return objects.write(reference, body, options);
      },
    };
    await createPublication(
      { objects: racing },
      order,
      buildCheckedFiles(),
      new AbortController().signal,
      groups,
    ).publish(() => undefined);

    expect(await keys()).to.deep.equal(["a.m3u8", "a00000.ts", "b.m3u8", "c", "t00001.png"]);
    expect(errors(groups)?.map(([, code]) => code)).to.deep.equal([undefined, 3002, undefined, 1001]);
  });

  it("checks all keys before the work: files, segments, thumbnails and playlists", async () => {
    const namedOutputs = {
      ...order,
      recipe: {
        ...recipe,
        outputs: recipe.outputs.map((entry) => ({
          ...entry,
          thumbnailPattern: `thumbs/${entry.key}/{count}`,
        })),
      },
    };
    for (const key of ["a00007.ts", "thumbs/b/00003.png", "list.m3u8"]) await writeForeignObject(key);
    const groups = new OutputGroups(namedOutputs.recipe);
    await checkKeys({ objects }, namedOutputs, groups);

    expect(errors(groups)?.map(([, code]) => code)).to.deep.equal([3002, 3002, undefined, 1001]);
    expect(groups.excludeFailed(namedOutputs.recipe)).to.deep.include({ playlists: [] });
    await writeForeignObject("c");
    expect(
      await failure(checkKeys({ objects }, namedOutputs, new OutputGroups(namedOutputs.recipe))),
    ).to.equal(3002);
  });

  /** The publication of an attempt's files in the first output group. */
  const openPublication = (attempt: number, store: LocalObjectStore) => {
    const attemptOrder = { ...order, attempt };
    const checkedFiles = buildCheckedFiles().slice(0, 2);
    return createPublication(
      { objects: store, retryPolicy: { retries: 1, minDelayMs: 1 } },
      attemptOrder,
      checkedFiles,
      new AbortController().signal,
      new OutputGroups(recipe),
    );
  };
  const readAttempt = async (key: string) =>
    (await objects.head({ bucket: "output", key }))?.metadata["reelway-attempt"];

  for (const kind of ["transient", "precondition"] as const)
    it(`recognizes its own write if the response is lost and the retry ends with ${kind}, and withdraws it with the rest`, async () => {
      let writes = 0;
      const losingStore: LocalObjectStore = {
        ...objects,
        async write(...args) {
          writes += 1;
          await objects.write(...args);
          throw new StoreFailure(kind, "the connection was reset");
        },
      };
      const publication = openPublication(1, losingStore);
      await publication.publish(() => undefined);
      expect({ keys: await keys(), writes }).to.deep.equal({ keys: ["a.m3u8", "a00000.ts"], writes: 2 });

      await publication.withdraw();
      expect(await keys()).to.deep.equal([]);
    });

  it("neither replaces nor removes the same bytes of a later attempt", async () => {
    const [first, second] = [openPublication(1, objects), openPublication(2, objects)];
    await first.publish(() => undefined);
    await second.publish(() => undefined);

    expect(await failure(openPublication(1, objects).publish(() => undefined))).to.be.instanceOf(
      AttemptAborted,
    );
    await first.withdraw();
    expect([await readAttempt("a.m3u8"), await readAttempt("a00000.ts")]).to.deep.equal(["2", "2"]);
  });

  it("removes no object that replaced the one it had read", async () => {
    let raced = false;
    const racing: LocalObjectStore = {
      ...objects,
      async remove(...args) {
        if (!raced) {
          raced = true;
          await openPublication(2, objects).publish(() => undefined);
        }
        return objects.remove(...args);
      },
    };
    const publication = openPublication(1, racing);
    await publication.publish(() => undefined);
    await publication.withdraw();
    expect([raced, await readAttempt("a.m3u8"), await readAttempt("a00000.ts")]).to.deep.equal([
      true,
      "2",
      "2",
    ]);
  });

  /** A store under which another writer is always faster. */
  const contested = (): LocalObjectStore => ({
    ...objects,
    write: () => Promise.reject(new StoreFailure("precondition", "the object is not as expected")),
  });

  it("gives up a file that another writer keeps replacing, with an error that another attempt may pass", async () => {
    const cause: unknown = await openPublication(1, contested())
      .publish(() => undefined)
      .catch((caught: unknown) => caught);

    expect(cause).to.be.instanceOf(JobFailure).and.include({ code: 3000, retryable: true });
    expect(String(cause)).to.include("Output a00000.ts of output could not be written: another program");
  });

  it("stops waiting for the next try when it is aborted", async () => {
    const abortController = new AbortController();
    const store = contested();
    const stopped = new AttemptAborted("stopped");
    const publishing = createPublication(
      {
        objects: {
          ...store,
          write: (...args) => {
            setImmediate(() => abortController.abort(stopped));
            return store.write(...args);
          },
        },
        retryPolicy: { retries: 1, minDelayMs: 3_600_000 },
      },
      order,
      buildCheckedFiles(),
      abortController.signal,
      new OutputGroups(recipe),
    ).publish(() => undefined);

    expect(await failure(publishing)).to.equal(stopped);
  });

  it("fails as a whole with a transient failure", async () => {
    const broken: LocalObjectStore = {
      ...objects,
      write: () => Promise.reject(new JobFailure(3000, "down", { retryable: true })),
    };
    const groups = new OutputGroups(recipe);
    const publication = createPublication(
      { objects: broken, retryPolicy: { retries: 1, minDelayMs: 1 } },
      order,
      buildCheckedFiles(),
      new AbortController().signal,
      groups,
    );

    expect(await failure(publication.publish(() => undefined))).to.equal(3000);
    expect(errors(groups)?.flatMap(([, code]) => code ?? [])).to.deep.equal([]);
  });
});
