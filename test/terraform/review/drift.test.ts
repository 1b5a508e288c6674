import { expect } from "chai";
import { toPlainText } from "../../../terraform/review/phrase.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { configuredResource, planDocument, policy, resourceChange } from "./plans.ts";

const review = (...given: Parameters<typeof planDocument>) =>
  reviewPlan(planDocument(...given), { name: "dev" });
const everything = policy({ Action: "*", Resource: "*" });
const own = policy({ Action: "s3:GetObject", Resource: "a" });
const role = (inline: readonly unknown[]) => ({ name: "worker", inline_policy: inline });

describe("Drift", () => {
  it("says of each resource in what it was changed, and whether the plan puts it back", () => {
    const address = "aws_sqs_queue.q";
    const { drift, counts } = review(
      [
        resourceChange({
          address,
          actions: ["update"],
          before: { delay: 30, note: 1 },
          after: { delay: 0, note: 1 },
        }),
      ],
      {
        drift: [
          resourceChange({
            address,
            actions: ["update"],
            before: { delay: 0, mirror: 1 },
            after: { delay: 30, mirror: 2 },
          }),
          resourceChange({ address: "aws_sqs_queue.gone", actions: ["delete"], before: { delay: 0 } }),
        ],
        configured: [configuredResource(address, { name: "q" })],
      },
    );
    expect(counts.update).to.equal(1);
    expect(
      drift.map(({ attributes, unmanagedAttributes, ...rest }) => ({
        ...rest,
        attributes: attributes.map(({ path }) => path),
        unset: unmanagedAttributes.map(({ path }) => path),
      })),
    ).to.deep.equal([
      { address, kind: "changed", attributes: ["delay"], unset: ["mirror"], plannedAction: "reverted" },
      {
        address: "aws_sqs_queue.gone",
        kind: "deleted",
        attributes: [],
        unset: [],
        plannedAction: "accepted",
      },
    ]);
  });

  it("tells of a strange policy of a role, and not of the one that its own resource gave it", () => {
    const mine = { name: "permissions", policy: own };
    const { drift, accessDrift } = review(
      [
        resourceChange({
          address: "aws_iam_role_policy.p",
          before: { role: "worker", name: "permissions", policy: own },
          after: { role: "worker", name: "permissions", policy: own },
        }),
      ],
      {
        drift: [
          resourceChange({
            address: "aws_iam_role.r",
            actions: ["update"],
            before: role([]),
            after: role([mine, { name: "backdoor", policy: everything }]),
          }),
        ],
        configured: [configuredResource("aws_iam_role.r", { name: "worker" })],
      },
    );
    expect(drift.flatMap(({ attributes }) => attributes.map(({ path }) => path))).to.deep.equal([
      'inline_policy["backdoor"]',
    ]);
    expect(accessDrift.map(({ sentence }) => toPlainText(sentence))).to.deep.equal([
      "Role worker may now do everything on every resource",
    ]);
  });

  it("is silent where a role shows what the last apply gave it", () => {
    const { drift, accessDrift } = review(
      [
        resourceChange({
          address: "aws_iam_role_policy.p",
          before: { role: "worker", name: "permissions", policy: own },
          after: { role: "worker", name: "permissions", policy: own },
        }),
      ],
      {
        drift: [
          resourceChange({
            address: "aws_iam_role.r",
            actions: ["update"],
            before: { ...role([]), tags: null },
            after: { ...role([{ name: "permissions", policy: own }]), tags: {} },
          }),
        ],
        configured: [configuredResource("aws_iam_role.r", { name: "worker" })],
      },
    );
    expect({ drift, driftedAccess: accessDrift }).to.deep.equal({ drift: [], driftedAccess: [] });
  });
});
