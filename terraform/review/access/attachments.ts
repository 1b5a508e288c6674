import { capitalised, code, type Phrase } from "../phrase.ts";
import type { Configured, Sides } from "../references.ts";
import { type Fields, fieldOf, sameValue, textOf, Unknown } from "../value.ts";
import type { AccessChange } from "./sentences.ts";
import { shortName } from "./words.ts";

const attachments: Readonly<Record<string, string>> = {
  aws_iam_role_policy_attachment: "role",
  aws_iam_user_policy_attachment: "user",
  aws_iam_group_policy_attachment: "group",
};
const wideManaged = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|\w*FullAccess)$/;

/** Managed policies that are given to somebody, or taken. */
export const attachmentChanges = (
  { type, address, before, after }: Sides,
  configured: Configured,
): readonly AccessChange[] => {
  const noun = Object.hasOwn(attachments, type) ? attachments[type] : undefined;
  if (noun === undefined) return [];
  const read = (fields: Fields, attribute: string): string | undefined =>
    textOf(fields, attribute) ??
    (fieldOf(fields, attribute) instanceof Unknown
      ? (configured.references(address, attribute).at(0) ?? "")
      : undefined);
  const [old, now] = [before, after].map((fields) => ({
    who: read(fields, noun),
    policy: read(fields, "policy_arn"),
  }));
  if (old?.who === now?.who && old?.policy === now?.policy) return [];
  const told = (
    kind: "allowed" | "no-longer-allowed",
    verb: string,
    held: { readonly who: string | undefined; readonly policy: string | undefined } | undefined,
  ): readonly AccessChange[] =>
    held?.who === undefined || held.policy === undefined
      ? []
      : [
          {
            kind,
            sentence: capitalised([
              `${noun} `,
              code(shortName(held.who)),
              ` ${verb} policy `,
              code(held.policy),
            ]),
            wide:
              kind === "allowed" && wideManaged.test(held.policy) ? ["a policy of nearly everything"] : [],
            addresses: [address],
          },
        ];
  return [...told("allowed", "now carries", now), ...told("no-longer-allowed", "no longer carries", old)];
};

/** A boundary limits what a role's policies can give it: without it they count in full. */
export const boundaryChanges = (
  { type, address, action, before, after }: Sides,
  configured: Configured,
): readonly AccessChange[] => {
  if ((type !== "aws_iam_role" && type !== "aws_iam_user") || action === "delete") return [];
  const [old, now] = [fieldOf(before, "permissions_boundary"), fieldOf(after, "permissions_boundary")];
  if (sameValue(old, now)) return [];
  const boundary =
    typeof now === "string" && now !== ""
      ? now
      : now instanceof Unknown
        ? (configured.references(address, "permissions_boundary").at(0) ?? "")
        : undefined;
  const who: Phrase = [type === "aws_iam_role" ? "Role " : "User ", code(textOf(after, "name") ?? address)];
  return [
    {
      kind: boundary === undefined ? "no-longer-denied" : "denied",
      sentence:
        boundary === undefined
          ? [...who, " loses its permissions boundary ", ...(typeof old === "string" ? [code(old)] : [])]
          : [
              ...who,
              " is now kept within permissions boundary ",
              code(boundary),
              ...(typeof old === "string" && old !== "" ? [" instead of ", code(old)] : []),
            ],
      wide: boundary === undefined ? ["no boundary"] : [],
      addresses: [address],
    },
  ];
};
