import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { ObjectGrant } from "../../pipeline/ports/object-store.ts";

const groupUris: Readonly<Record<string, string>> = {
  AllUsers: "http://acs.amazonaws.com/groups/global/AllUsers",
  AuthenticatedUsers: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  LogDelivery: "http://acs.amazonaws.com/groups/s3/LogDelivery",
};

const formatGrantee = ({ granteeType, grantee }: ObjectGrant): string => {
  if (granteeType === "Group") return `uri="${groupUris[grantee] ?? grantee}"`;
  return granteeType === "Email" ? `emailAddress="${grantee}"` : `id="${grantee}"`;
};

const grantParameterNames = {
  FullControl: "GrantFullControl",
  Read: "GrantRead",
  ReadAcp: "GrantReadACP",
  WriteAcp: "GrantWriteACP",
} as const;

/** Converts grants to parameters of PutObject: one for each kind of access, with all its grantees. */
export const toGrantParameters = (
  grants: readonly ObjectGrant[],
): Pick<PutObjectCommandInput, (typeof grantParameterNames)[keyof typeof grantParameterNames]> => {
  const granteesByParameter = new Map<string, string[]>();
  for (const grant of grants)
    for (const access of grant.access)
      granteesByParameter.set(grantParameterNames[access], [
        ...(granteesByParameter.get(grantParameterNames[access]) ?? []),
        formatGrantee(grant),
      ]);
  return Object.fromEntries(
    [...granteesByParameter].map(([field, grantees]) => [field, grantees.join(", ")]),
  );
};
