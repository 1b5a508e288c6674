import { expect } from "chai";
import { toPlainText } from "../../../terraform/review/phrase.ts";
import { reviewPlan } from "../../../terraform/review/review.ts";
import { configuredResource, planDocument, policy, resourceChange } from "./plans.ts";

const review = (...args: Parameters<typeof planDocument>) =>
  reviewPlan(planDocument(...args), { name: "dev" });
const allowAll = policy({ Action: "*", Resource: "*" });
const ownPolicy = policy({ Action: "s3:GetObject", Resource: "a" });
const role = (inline: readonly unknown[]) => ({ name: "worker", inline_policy: inline });

describe("drift in a review", () => {
  it("lists the changed attributes of each resource, and whether the plan reverts them", () => {
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

  it("reports a foreign policy of a role, and not its own", () => {
    const inlinePolicy = { name: "permissions", policy: ownPolicy };
    const { drift, accessDrift } = review(
      [
        resourceChange({
          address: "aws_iam_role_policy.p",
          before: { role: "worker", name: "permissions", policy: ownPolicy },
          after: { role: "worker", name: "permissions", policy: ownPolicy },
        }),
      ],
      {
        drift: [
          resourceChange({
            address: "aws_iam_role.r",
            actions: ["update"],
            before: role([]),
            after: role([inlinePolicy, { name: "backdoor", policy: allowAll }]),
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

  it("ignores what the last apply attached to a role", () => {
    const { drift, accessDrift } = review(
      [
        resourceChange({
          address: "aws_iam_role_policy.p",
          before: { role: "worker", name: "permissions", policy: ownPolicy },
          after: { role: "worker", name: "permissions", policy: ownPolicy },
        }),
      ],
      {
        drift: [
          resourceChange({
            address: "aws_iam_role.r",
            actions: ["update"],
            before: { ...role([]), tags: null },
            after: { ...role([{ name: "permissions", policy: ownPolicy }]), tags: {} },
          }),
        ],
        configured: [configuredResource("aws_iam_role.r", { name: "worker" })],
      },
    );
    expect({ drift, driftedAccess: accessDrift }).to.deep.equal({ drift: [], driftedAccess: [] });
  });
});
