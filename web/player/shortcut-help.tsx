import { shortcuts } from "./keyboard.ts";

/** The keys of the player. */
export const ShortcutHelp = () => (
  <details class="player-shortcuts">
    <summary>Keyboard shortcuts</summary>
    <dl>
      {shortcuts.map(([keys, action]) => (
        <div key={keys}>
          <dt>{keys}</dt>
          <dd>{action}</dd>
        </div>
      ))}
    </dl>
  </details>
);
