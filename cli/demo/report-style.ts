/** The report's style sheet. */
export const reportStyle = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d5dbe1; --card: #f6f8fa; --good: #116329; --bad: #a40e26; --accent: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9aa4ae; --line: #30363d; --card: #161b22; --good: #57c96b; --bad: #ff8b86; --accent: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: .95rem; margin: 0 0 .5rem; overflow-wrap: anywhere; font-weight: 600; }
a { color: var(--accent); }
a:focus-visible, video:focus-visible, audio:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--soft); }
.job { border: 1px solid var(--line); border-radius: .75rem; margin-top: 1.5rem; overflow: hidden; }
.job > header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding: .9rem 1rem; background: var(--card); border-bottom: 1px solid var(--line); }
.status { font-weight: 600; }
.Complete { color: var(--good); }
.Error, .Canceled { color: var(--bad); }
.error { margin: 1rem; border-left: .25rem solid var(--bad); padding: .25rem .75rem; overflow-wrap: anywhere; }
.body { display: grid; grid-template-columns: minmax(13rem, 18rem) 1fr; }
.source { padding: 1rem; border-right: 1px solid var(--line); }
.outputs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem; padding: 1rem; align-content: start; }
.output { min-width: 0; }
video, img { display: block; width: 100%; max-height: 24rem; object-fit: contain; background: #000; border-radius: .4rem; }
img { background: repeating-conic-gradient(#8884 0 25%, #0000 0 50%) 0 0 / 1.25rem 1.25rem; }
audio { width: 100%; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem; margin: .5rem 0 0; font-size: .88rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
@media (max-width: 44rem) { .body { grid-template-columns: 1fr; } .source { border-right: 0; border-bottom: 1px solid var(--line); } }
`;
