import { formatTime } from "../components/format.ts";
import { formatRelativeTime } from "../library/relative-time.ts";

/** When something was seen last. @param at ISO 8601 */
export const LastSeen = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={formatTime(at)}>
    {formatRelativeTime(at, new Date())}
  </time>
);
