import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { ObjectGrant } from "../../pipeline/ports/object-store.ts";

const groups: Readonly<Record<string, string>> = {
  AllUsers: "http://acs.amazonaws.com/groups/global/AllUsers",
  AuthenticatedUsers: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  LogDelivery: "http://acs.amazonaws.com/groups/s3/LogDelivery",
};

const granteeOf = ({ granteeType, grantee }: ObjectGrant): string => {
  if (granteeType === "Group") return `uri="${groups[grantee] ?? grantee}"`;
  return granteeType === "Email" ? `emailAddress="${grantee}"` : `id="${grantee}"`;
};

const fields = {
  FullControl: "GrantFullControl",
  Read: "GrantRead",
  ReadAcp: "GrantReadACP",
  WriteAcp: "GrantWriteACP",
} as const;

/** Grants as PutObject takes them: one field for each kind of access, with all who have it. */
export const grantFields = (
  grants: readonly ObjectGrant[],
): Pick<PutObjectCommandInput, (typeof fields)[keyof typeof fields]> => {
  const holders = new Map<string, string[]>();
  for (const grant of grants)
    for (const access of grant.access)
      holders.set(fields[access], [...(holders.get(fields[access]) ?? []), granteeOf(grant)]);
  return Object.fromEntries([...holders].map(([field, grantees]) => [field, grantees.join(", ")]));
};
