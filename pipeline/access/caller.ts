import type { TokenScope } from "./token-scope.ts";

/** Who sends a request. */
export interface Caller {
  /** Name of the user or of the token. */
  readonly name: string;
  /** Id of the user whose uploads, jobs and responses belong to the caller; absent if nothing does. */
  readonly ownerId?: string;
  /** Whether the caller sees and changes what belongs to others: a member of the group `operators`. */
  readonly isOperator: boolean;
  readonly scope: TokenScope;
}

/** The caller where nothing is authenticated: every program on this machine. */
export const localCaller: Caller = { name: "local", isOperator: true, scope: "write" };

/** Whether a caller sees and changes what belongs to a user, or to nobody. */
export const canAccess = (
  { isOperator, ownerId }: Pick<Caller, "ownerId" | "isOperator">,
  owner: string | undefined,
): boolean => isOperator || (ownerId !== undefined && ownerId === owner);

/** Id that no user has. */
const nobody = "nobody";

/** Id of the owner whose records a caller sees; undefined for all records. */
export const getVisibleOwnerId = ({
  isOperator,
  ownerId = nobody,
}: Pick<Caller, "ownerId" | "isOperator">): string | undefined => (isOperator ? undefined : ownerId);
