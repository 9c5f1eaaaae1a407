/** The one style sheet; the pages need no script and no image. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #cf222e; --wait: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #f85149; --wait: #d29922; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 0 1rem 4rem; }
body > header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; padding: .75rem 0;
  border-bottom: 1px solid var(--line); }
nav a { margin-right: 1rem; }
h1, h2, h3, td, th, a, p { overflow-wrap: anywhere; unicode-bidi: isolate; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 0; }
article, details, .box { border: 1px solid var(--line); border-radius: 6px; margin: .75rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
pre, code { font: 13px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; background: var(--soft); border-radius: 6px; padding: .5rem; }
pre.diff { padding: 0; }
pre.diff span { display: block; padding: 0 .5rem; min-width: max-content; }
pre.diff .added { background: #2da44e33; }
pre.diff .removed { background: #cf222e33; }
pre.diff .hunk { opacity: .7; }
table { border-collapse: collapse; }
td, th { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
textarea { width: 100%; min-height: 6rem; font: inherit; }
button, select { font: inherit; padding: .2rem .7rem; }
form { margin: .5rem 0; }
header form, td form { margin: 0; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.wait { color: var(--wait); }
.refusal { border: 2px solid var(--bad); border-radius: 6px; padding: .5rem .75rem; white-space: pre-wrap; }
.quiet { opacity: .7; }
`;
