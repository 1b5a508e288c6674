import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createLocalObjectStore, type LocalObjectStore } from "../../../adapters/local/object-store.ts";
import { AttemptAborted } from "../../../docker/ffmpeg/attempt-aborted.ts";
import { OutputGroups } from "../../../docker/ffmpeg/output-groups.ts";
import { checkKeys, createPublication } from "../../../docker/ffmpeg/publish.ts";
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

describe("the publication of a job of several parts", () => {
  let folder = "";
  let objects: LocalObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-publish-"));
    objects = createLocalObjectStore({ directory: join(folder, "objects") });
    await writeFile(join(folder, "file"), "made");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = (key: string, part: string, more: Partial<PlannedOutput> = {}) => ({
    plannedOutput: {
      path: join(folder, "file"),
      key,
      contentType: "video/mp2t",
      isManifest: false,
      outputGroup: part,
      ...more,
    },
    output: { key, bytes: 4 },
  });
  const files = () => [
    file("a00000.ts", "a"),
    file("a.m3u8", "a", { isManifest: true, durationSeconds: 5 }),
    file("b00000.ts", "b"),
    file("b00001.ts", "b"),
    file("b.m3u8", "b", { isManifest: true, durationSeconds: 9 }),
    file("t00001.png", "c", { isThumbnail: true }),
    file("c", "c"),
    file("list.m3u8", getPlaylistGroup(list), { isManifest: true, dependsOn: ["a", "b"] }),
  ];
  const taken = (key: string) =>
    objects.write({ bucket: "output", key }, { text: "theirs" }, { contentType: "text/plain" });
  const keys = async () => {
    const found: string[] = [];
    for await (const { key } of objects.list("output", "")) found.push(key);
    return found;
  };
  const errors = (parts: OutputGroups) => parts.report([])?.map(({ key, error }) => [key, error?.code]);
  const failure = async (act: Promise<unknown>) => {
    const cause: unknown = await act.catch((caught: unknown) => caught);
    return cause instanceof JobFailure ? cause.code : cause;
  };

  it("writes all, and answers an output for each part that a person asked for", async () => {
    const parts = new OutputGroups(recipe);
    await createPublication({ objects }, order, files(), new AbortController().signal, parts).publish(
      () => undefined,
    );

    expect(await keys()).to.have.length(8);
    expect(parts.collectOutputs(files())).to.deep.equal([
      { key: "a", bytes: 8 },
      { key: "b", bytes: 12 },
      { key: "c", bytes: 4 },
    ]);
    expect(errors(parts)).to.deep.equal([
      ["a", undefined],
      ["b", undefined],
      ["c", undefined],
      ["list", undefined],
    ]);
  });

  it("leaves out the part whose key is another's, with what needs it", async () => {
    await taken("b00001.ts");
    const parts = new OutputGroups(recipe);
    await createPublication({ objects }, order, files(), new AbortController().signal, parts).publish(
      () => undefined,
    );

    expect(await keys()).to.deep.equal(["a.m3u8", "a00000.ts", "b00001.ts", "c", "t00001.png"]);
    expect(errors(parts)).to.deep.equal([
      ["a", undefined],
      ["b", 3002],
      ["c", undefined],
      ["list", 1001],
    ]);
  });

  it("takes back what a part had written when a key turned out to be another's", async () => {
    const parts = new OutputGroups(recipe);
    const racing: LocalObjectStore = {
      ...objects,
      async write(reference, body, options) {
        // Another client is quicker, after the keys were looked at.
        if (reference.key === "b.m3u8" && "absent" in (options.condition ?? {})) await taken("b.m3u8");
        return objects.write(reference, body, options);
      },
    };
    await createPublication({ objects: racing }, order, files(), new AbortController().signal, parts).publish(
      () => undefined,
    );

    expect(await keys()).to.deep.equal(["a.m3u8", "a00000.ts", "b.m3u8", "c", "t00001.png"]);
    expect(errors(parts)?.map(([, code]) => code)).to.deep.equal([undefined, 3002, undefined, 1001]);
  });

  it("knows before the work what is taken: files, segments, thumbnails and playlists", async () => {
    const shown = {
      ...order,
      recipe: {
        ...recipe,
        outputs: recipe.outputs.map((entry) => ({
          ...entry,
          thumbnailPattern: `thumbs/${entry.key}/{count}`,
        })),
      },
    };
    for (const key of ["a00007.ts", "thumbs/b/00003.png", "list.m3u8"]) await taken(key);
    const parts = new OutputGroups(shown.recipe);
    await checkKeys({ objects }, shown, parts);

    expect(errors(parts)?.map(([, code]) => code)).to.deep.equal([3002, 3002, undefined, 1001]);
    expect(parts.excludeFailed(shown.recipe)).to.deep.include({ playlists: [] });
    await taken("c");
    expect(await failure(checkKeys({ objects }, shown, new OutputGroups(shown.recipe)))).to.equal(3002);
  });

  /** The publication of the order's attempt, of files of the first part. */
  const publicationOf = (attempt: number, store: LocalObjectStore) => {
    const own = { ...order, attempt };
    const made = files().slice(0, 2);
    return createPublication(
      { objects: store, retryPolicy: { retries: 1, minDelayMs: 1 } },
      own,
      made,
      new AbortController().signal,
      new OutputGroups(recipe),
    );
  };
  const attemptOf = async (key: string) =>
    (await objects.head({ bucket: "output", key }))?.metadata["reelway-attempt"];

  for (const kind of ["transient", "precondition"] as const)
    it(`takes a write for its own whose answer is lost, and whose repetition is ${kind}; withdraws it with the rest`, async () => {
      let writes = 0;
      const deaf: LocalObjectStore = {
        ...objects,
        async write(...given) {
          writes += 1;
          await objects.write(...given);
          throw new StoreFailure(kind, "the connection was reset");
        },
      };
      const publication = publicationOf(1, deaf);
      await publication.publish(() => undefined);
      expect({ keys: await keys(), writes }).to.deep.equal({ keys: ["a.m3u8", "a00000.ts"], writes: 2 });

      await publication.withdraw();
      expect(await keys()).to.deep.equal([]);
    });

  it("never replaces, nor removes, what a later attempt of its job has made of the same bytes", async () => {
    const [first, second] = [publicationOf(1, objects), publicationOf(2, objects)];
    await first.publish(() => undefined);
    await second.publish(() => undefined);

    expect(await failure(publicationOf(1, objects).publish(() => undefined))).to.be.instanceOf(
      AttemptAborted,
    );
    await first.withdraw();
    expect([await attemptOf("a.m3u8"), await attemptOf("a00000.ts")]).to.deep.equal(["2", "2"]);
  });

  it("removes no object that replaced the one it had looked at", async () => {
    let raced = false;
    const racing: LocalObjectStore = {
      ...objects,
      async remove(...given) {
        if (!raced) {
          raced = true;
          await publicationOf(2, objects).publish(() => undefined);
        }
        return objects.remove(...given);
      },
    };
    const publication = publicationOf(1, racing);
    await publication.publish(() => undefined);
    await publication.withdraw();
    expect([raced, await attemptOf("a.m3u8"), await attemptOf("a00000.ts")]).to.deep.equal([true, "2", "2"]);
  });

  /** A store under which another writer is always faster. */
  const contested = (): LocalObjectStore => ({
    ...objects,
    write: () => Promise.reject(new StoreFailure("precondition", "the object is not as expected")),
  });

  it("gives up a file that another writer keeps replacing, with an error that another attempt may pass", async () => {
    const cause: unknown = await publicationOf(1, contested())
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
          write: (...given) => {
            setImmediate(() => abortController.abort(stopped));
            return store.write(...given);
          },
        },
        retryPolicy: { retries: 1, minDelayMs: 3_600_000 },
      },
      order,
      files(),
      abortController.signal,
      new OutputGroups(recipe),
    ).publish(() => undefined);

    expect(await failure(publishing)).to.equal(stopped);
  });

  it("fails as a whole by what may pass in another attempt", async () => {
    const broken: LocalObjectStore = {
      ...objects,
      write: () => Promise.reject(new JobFailure(3000, "down", { retryable: true })),
    };
    const parts = new OutputGroups(recipe);
    const publication = createPublication(
      { objects: broken, retryPolicy: { retries: 1, minDelayMs: 1 } },
      order,
      files(),
      new AbortController().signal,
      parts,
    );

    expect(await failure(publication.publish(() => undefined))).to.equal(3000);
    expect(errors(parts)?.flatMap(([, code]) => code ?? [])).to.deep.equal([]);
  });
});
