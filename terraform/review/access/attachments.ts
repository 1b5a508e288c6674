import { capitalise, code, type Phrase } from "../phrase.ts";
import type { PlanConfiguration, ResourceSides } from "../plan-configuration.ts";
import { type Fields, getField, getText, isSameValue, UnknownValue } from "../value.ts";
import type { AccessChange } from "./access-change.ts";
import { shortenArn } from "./render-terms.ts";

const attachmentTypes: Readonly<Record<string, string>> = {
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy_attachment: "user",
  aws_iam_group_policy_attachment: "group",
};
const broadManagedPolicies = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$/;

/** Describes attached and detached managed policies. */
export const compareAttachments = (
  { type, address, before, after }: ResourceSides,
  configuration: PlanConfiguration,
): readonly AccessChange[] => {
  const noun = Object.hasOwn(attachmentTypes, type) ? attachmentTypes[type] : undefined;
  if (noun === undefined) return [];
  const read = (fields: Fields, attribute: string): string | undefined =>
    getText(fields, attribute) ??
    (getField(fields, attribute) instanceof UnknownValue
      ? (configuration.references(address, attribute).at(0) ?? "")
      : undefined);
  const [old, now] = [before, after].map((fields) => ({
    who: read(fields, noun),
    policy: read(fields, "policy_arn"),
  }));
  if (old?.who === now?.who && old?.policy === now?.policy) return [];
  const describe = (
    kind: "allowed" | "no-longer-allowed",
    verb: string,
    attachment: { readonly who: string | undefined; readonly policy: string | undefined } | undefined,
  ): readonly AccessChange[] =>
    attachment?.who === undefined || attachment.policy === undefined
      ? []
      : [
          {
            kind,
            sentence: capitalise([
              `${noun} `,
              code(shortenArn(attachment.who)),
              ` ${verb} policy `,
              code(attachment.policy),
            ]),
            risks:
              kind === "allowed" && broadManagedPolicies.test(attachment.policy)
                ? ["a policy with broad access"]
                : [],
            addresses: [address],
          },
        ];
  return [...describe("allowed", "now has", now), ...describe("no-longer-allowed", "no longer has", old)];
};

/** Describes changes of permissions boundaries, which limit what a role's policies can grant. */
export const compareBoundaries = (
  { type, address, action, before, after }: ResourceSides,
  configuration: PlanConfiguration,
): readonly AccessChange[] => {
  if ((type !== "aws_iam_role" && type !== "aws_iam_user") || action === "delete") return [];
  const [old, now] = [getField(before, "permissions_boundary"), getField(after, "permissions_boundary")];
  if (isSameValue(old, now)) return [];
  const boundary =
    typeof now === "string" && now !== ""
      ? now
      : now instanceof UnknownValue
        ? (configuration.references(address, "permissions_boundary").at(0) ?? "")
        : undefined;
  const who: Phrase = [type === "aws_iam_role" ? "Role " : "User ", code(getText(after, "name") ?? address)];
  return [
    {
      kind: boundary === undefined ? "no-longer-denied" : "denied",
      sentence:
        boundary === undefined
          ? [...who, " loses its permissions boundary ", ...(typeof old === "string" ? [code(old)] : [])]
          : [
              ...who,
              " is now limited by permissions boundary ",
              code(boundary),
              ...(typeof old === "string" && old !== "" ? [" instead of ", code(old)] : []),
            ],
      risks: boundary === undefined ? ["no permissions boundary"] : [],
      addresses: [address],
    },
  ];
};
