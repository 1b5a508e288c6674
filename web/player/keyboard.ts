import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** The keys of the player, for its help. Arrows up and down, and ?, need the focus in the player. */
export const shortcuts: readonly (readonly [keys: string, action: string])[] = [
  ["Space or K", "Play or pause"],
  ["← or J", "Back 10 seconds"],
  ["→ or L", "Forward 10 seconds"],
  ["↑ and ↓", "Volume, while the player has the focus"],
  ["M", "Mute"],
  ["C", "Captions"],
  ["F", "Full screen"],
  ["P", "Picture in picture"],
  ["< and >", "Slower and faster"],
];

/** Keys that work on the whole page. The others scroll it, or are for the player alone. */
const pageKeys = new Set([" ", "k", "j", "l", "m", "c", "f", "p", "<", ">", "ArrowLeft", "ArrowRight"]);

/** The element of the controls, which handles keys itself while it has the focus. */
interface Controller extends HTMLElement {
  keyboardShortcutHandler?(event: KeyboardEvent): void;
}

/** Gives the player its keys while no element of the page has the focus, and no dialog is open. */
export const useShortcuts = (controller: RefObject<HTMLElement | null>): void => {
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const { target, key, altKey, ctrlKey, metaKey, defaultPrevented } = event;
      const player = controller.current as Controller | null;
      const isPageFocused =
        target instanceof HTMLElement &&
        // The heading has the focus after a navigation.
        target.matches("body, main, h1") &&
        document.querySelector("dialog:modal") === null;
      if (!isPageFocused || defaultPrevented || altKey || ctrlKey || metaKey || !pageKeys.has(key)) return;
      // Without a player, as after a failure, the keys scroll the page.
      if (player?.keyboardShortcutHandler === undefined) return;
      event.preventDefault();
      player.keyboardShortcutHandler(event);
    };
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, [controller]);
};
