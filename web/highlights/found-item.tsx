import type { ComponentChildren } from "preact";
import { Frame } from "./frame.tsx";

interface FoundItemProps {
  readonly imageUrl: string | null;
  readonly name: ComponentChildren;
  /** Whether it is on now. */
  readonly isLive?: boolean;
  /** When, how often and how sure. */
  readonly children: ComponentChildren;
}

/** Something that was found in a channel, with a frame of it: an entry of a list. */
export const FoundItem = ({ imageUrl, name, isLive = false, children }: FoundItemProps) => (
  <li class={isLive ? "highlights-label highlights-live" : "highlights-label"}>
    <Frame url={imageUrl} />
    <span>
      <strong>{name}</strong>
      <span class="muted">{children}</span>
    </span>
  </li>
);
