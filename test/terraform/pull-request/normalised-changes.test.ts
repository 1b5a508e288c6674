import { expect } from "chai";
import * as fc from "fast-check";
import {
  countChanges,
  hashChanges,
  normaliseChanges,
  normaliseDrift,
  normalisedChangeSchema,
} from "../../../terraform/pull-request/normalised-changes.ts";
import { InvalidPlanError } from "../../../terraform/pull-request/plan-document.ts";
import { change, plan, resource } from "./plan-factory.ts";

const computeHash = (planInput: Readonly<Record<string, unknown>>) =>
  hashChanges(normaliseChanges(plan(planInput)));

describe("normalised changes", () => {
  it("keep the differing attributes of an update, and those not known yet", () => {
    const update = resource("aws_sqs_queue.uploads", {
      actions: ["update"],
      before: { name: "a", tags: { one: "1", "two words": null }, list: [1, 2], policy: "old" },
      after: { name: "a", tags: { one: "2", "two words": "x" }, list: [1] },
      after_unknown: { policy: true, list: [false] },
    });
    expect(normaliseChanges(plan({ resource_changes: [update] }))).to.deep.equal([
      {
        address: "aws_sqs_queue.uploads",
        actions: ["update"],
        attributes: [
          { path: "list[1]", before: "2" },
          { path: "policy", before: '"old"', after: "(known after apply)" },
          { path: "tags.one", before: '"1"', after: '"2"' },
          { path: 'tags["two words"]', after: '"x"' },
        ],
      },
    ]);
  });

  it("keep moves and imports, and omit reads and unchanged resources", () => {
    const changes = normaliseChanges(
      plan({
        resource_changes: [
          resource("aws_s3_bucket.new", {}, { previous_address: "aws_s3_bucket.old" }),
          resource("aws_s3_bucket.found", { importing: { id: "media" } }),
          resource("aws_s3_bucket.same", { before: { id: "a" }, after: { id: "b" } }),
          resource("data.aws_region.here", { actions: ["read"], after: {} }, { mode: "data" }),
        ],
      }),
    );
    expect(changes).to.deep.equal([
      { address: "aws_s3_bucket.found", actions: ["no-op"], importing: "media", attributes: [] },
      {
        address: "aws_s3_bucket.new",
        actions: ["no-op"],
        previousAddress: "aws_s3_bucket.old",
        attributes: [],
      },
    ]);
  });

  it("name the attributes that force a replacement, and separate a deposed object from its successor", () => {
    const [deposed, replaced] = normaliseChanges(
      plan({
        resource_changes: [
          resource("aws_kms_key.media", {
            actions: ["delete", "create"],
            before: { a: [{ b: 1 }] },
            after: { a: [{ b: 2 }] },
            replace_paths: [["z"], ["a", 0, "b"]],
          }),
          resource("aws_kms_key.media", { actions: ["delete"], before: { a: [] } }, { deposed: "12ab" }),
        ],
      }),
    );
    expect(replaced?.address).to.equal("aws_kms_key.media (deposed 12ab)");
    expect(deposed).to.deep.equal({
      address: "aws_kms_key.media",
      actions: ["delete", "create"],
      replacePaths: ["a[0].b", "z"],
      attributes: [{ path: "a[0].b", before: "1", after: "2" }],
    });
  });

  it("keep changed outputs", () => {
    const changes = normaliseChanges(
      plan({
        output_changes: {
          url: change({ actions: ["create"], after_unknown: true }),
          key: change({
            actions: ["update"],
            before: "hush",
            after: "quiet",
            before_sensitive: true,
            after_sensitive: true,
          }),
          same: change({ before: "a", after: "a" }),
        },
      }),
    );
    expect(changes).to.deep.equal([
      {
        address: "output.key",
        actions: ["update"],
        attributes: [{ path: "", before: "(sensitive)", after: "(sensitive)" }],
      },
      {
        address: "output.url",
        actions: ["create"],
        attributes: [{ path: "", after: "(known after apply)" }],
      },
    ]);
  });

  it("hide a value on both sides if one is sensitive", () => {
    const marked = resource("aws_instance.one", {
      actions: ["update"],
      before: { token: "swordfish-before", nested: [{ key: "swordfish-nested" }], name: "x" },
      after: { token: "swordfish-after", nested: [{ key: "swordfish-nested" }], name: "y" },
      before_sensitive: { nested: [{ key: true }] },
      after_sensitive: { token: true },
    });
    const text = JSON.stringify(normaliseChanges(plan({ resource_changes: [marked] })));
    expect(text).to.not.contain("swordfish");
    expect(text).to.contain('"path":"token"');
    expect(text).to.not.contain("nested");
  });

  it("separate drift from planned changes", () => {
    const drifted = plan({
      resource_drift: [
        resource("aws_s3_bucket.media", {
          actions: ["update"],
          before: { tags: { a: "1" } },
          after: { tags: {} },
        }),
        resource("aws_s3_bucket.moved", {}, { previous_address: "aws_s3_bucket.old" }),
      ],
    });
    expect(normaliseChanges(drifted)).to.deep.equal([]);
    expect(normaliseDrift(drifted)).to.deep.equal([
      {
        address: "aws_s3_bucket.media",
        actions: ["update"],
        attributes: [{ path: "tags.a", before: '"1"' }],
      },
    ]);
  });

  it("ignore empty against absent values in drift only", () => {
    const drift = (before: unknown, after: unknown) =>
      normaliseDrift(
        plan({
          resource_drift: [
            resource("a.b", { actions: ["update"], before: { x: before }, after: { x: after } }),
          ],
        }),
      ).length;
    for (const empty of [{}, [], "", false, 0]) {
      expect(drift(null, empty)).to.equal(0);
      expect(drift(empty, null)).to.equal(0);
    }
    expect(drift(true, false)).to.equal(1);
    expect(drift("a", "")).to.equal(1);
    expect(drift(1, 0)).to.equal(1);
    expect(drift(null, "a")).to.equal(1);
    expect(drift(0, "")).to.equal(1);
  });

  it("count actions on resources", () => {
    const counts = countChanges(
      normaliseChanges(
        plan({
          resource_changes: [
            resource("a.one", { actions: ["create"], after: {} }),
            resource("a.two", { actions: ["create", "delete"], after: {} }),
            resource("a.three", { actions: ["delete", "create"], after: {} }),
            resource("a.four", { actions: ["update"] }, { previous_address: "a.old" }),
            resource("a.five", { actions: ["forget"] }),
            resource("a.six", { actions: ["delete"] }),
            resource("a.seven", { importing: {} }),
          ],
          output_changes: { url: change({ actions: ["create"], after: "x" }) },
        }),
      ),
    );
    expect(counts).to.deep.equal({
      create: 1,
      update: 1,
      replace: 2,
      delete: 1,
      move: 1,
      import: 1,
      forget: 1,
    });
  });

  it("reject a plan that ended with an error, and other documents", () => {
    expect(() => plan({ errored: true })).to.throw(InvalidPlanError, "failed before the plan was complete");
    expect(() => plan({ format_version: "2.0" })).to.throw(InvalidPlanError, "format_version");
    expect(() => plan({ resource_changes: [{ address: 1 }] })).to.throw(
      InvalidPlanError,
      "resource_changes.0.address",
    );
  });
});

describe("the hash of normalised changes", () => {
  const key = fc.constantFrom("name", "tags", "rule", "a b", "0");
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string({ maxLength: 4 }),
      fc.integer({ min: -9, max: 9 }),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const resources = fc.uniqueArray(
    fc.record({
      address: fc.constantFrom("aws_a.one", "aws_a.two", 'aws_b.three["x"]', "module.m.aws_c.four"),
      actions: fc.constantFrom(
        ["create"],
        ["update"],
        ["delete"],
        ["delete", "create"],
        ["create", "delete"],
      ),
      before: fc.dictionary(key, value, { maxKeys: 4 }),
      after: fc.dictionary(key, value, { maxKeys: 4 }),
    }),
    { selector: ({ address }) => address, minLength: 1 },
  );
  const planned = (changes: readonly { readonly address: string }[]) =>
    computeHash({ resource_changes: changes.map(({ address, ...rest }) => resource(address, rest)) });
  const isMap = (node: unknown): node is Record<string, unknown> =>
    typeof node === "object" && node !== null && !Array.isArray(node);
  const reverseKeys = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(reverseKeys);
    if (!isMap(node)) return node;
    return Object.fromEntries(
      Object.entries(node)
        .reverse()
        .map(([name, inner]) => [name, reverseKeys(inner)]),
    );
  };

  it("does not depend on the order of resources or keys", () => {
    fc.assert(
      fc.property(resources, (inputs) => {
        const other = inputs
          .toReversed()
          .map((one) => ({ ...one, before: reverseKeys(one.before), after: reverseKeys(one.after) }));
        expect(planned(other)).to.equal(planned(inputs));
      }),
    );
  });

  it("ignores times, reads and unchanged attributes", () => {
    const one = resource("aws_a.one", {
      actions: ["update"],
      before: { name: "a", seen: "monday" },
      after: { name: "b", seen: "monday" },
    });
    const other = resource("aws_a.one", {
      actions: ["update"],
      before: { name: "a", seen: "friday", gone: null },
      after: { name: "b", seen: "friday" },
    });
    expect(
      computeHash({
        timestamp: "2026-11-20T10:00:00Z",
        resource_changes: [other, resource("data.aws_x.y", { actions: ["read"], after: { at: "friday" } })],
        resource_drift: [resource("aws_a.two", { actions: ["update"], before: { a: 1 }, after: { a: 2 } })],
      }),
    ).to.equal(computeHash({ timestamp: "2026-11-16T10:00:00Z", resource_changes: [one] }));
  });

  it("changes with any action, address, import, move or forced replacement", () => {
    fc.assert(
      fc.property(resources, fc.nat(), (inputs, at) => {
        const before = planned(inputs);
        const index = at % inputs.length;
        const spoiled = (more: Readonly<Record<string, unknown>>, outer = {}) =>
          computeHash({
            resource_changes: inputs.map(({ address, ...rest }, position) =>
              position === index ? resource(address, { ...rest, ...more }, outer) : resource(address, rest),
            ),
          });
        const hashes = [
          before,
          spoiled({ actions: ["forget"] }),
          spoiled({ importing: { id: "found" } }),
          spoiled({ replace_paths: [["name"]] }),
          spoiled({}, { previous_address: "aws_z.before" }),
          spoiled({}, { deposed: "00ff" }),
          planned(inputs.filter((_, position) => position !== index)),
        ];
        expect(new Set(hashes).size).to.equal(hashes.length);
      }),
    );
  });

  it("changes with any attribute before or after, and with unknown values", () => {
    fc.assert(
      fc.property(resources, fc.nat(), key, fc.constantFrom("before", "after"), (inputs, at, name, side) => {
        const spoil = (more: (one: (typeof inputs)[number]) => Readonly<Record<string, unknown>>) =>
          computeHash({
            resource_changes: inputs.map((one, position) => {
              const { address, ...rest } = one;
              return resource(address, position === at % inputs.length ? { ...rest, ...more(one) } : rest);
            }),
          });
        const other = spoil((one) => ({ [side]: { ...one[side], [name]: "a value that no other is" } }));
        const unknown = spoil((one) => ({
          after: Object.fromEntries(Object.entries(one.after).filter(([member]) => member !== name)),
          after_unknown: { [name]: true },
        }));
        expect(new Set([planned(inputs), other, unknown]).size).to.equal(3);
      }),
    );
  });

  it("survives serialization", () => {
    fc.assert(
      fc.property(resources, (inputs) => {
        const changes = normaliseChanges(
          plan({ resource_changes: inputs.map(({ address, ...rest }) => resource(address, rest)) }),
        );
        const read = normalisedChangeSchema.array().parse(JSON.parse(JSON.stringify(changes)));
        expect(hashChanges(read)).to.equal(hashChanges(changes));
      }),
    );
  });

  it("separates delete-first from create-first replacements", () => {
    const replaced = (actions: readonly string[]) =>
      computeHash({ resource_changes: [resource("aws_a.one", { actions })] });
    expect(replaced(["delete", "create"])).to.not.equal(replaced(["create", "delete"]));
  });
});
