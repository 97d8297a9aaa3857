import { styleSheet } from '../phone/element.js';

export const inboxStyle = styleSheet(`
:host {
  --paper: #ffffff; --ink: #17211f; --faint: #5b6965; --line: #e1e6e4; --soft: #f1f4f3; --accent: #0b6e75; --accent-ink: #ffffff;
  --team: #e5f1f2; --note: #fdf3d3; --note-line: #ecd9a0; --good: #1b6b3a; --bad: #b3261e;
  color-scheme: light dark;
  display: block; height: 100%; min-height: 0; font: 14px/1.45 Inter, ui-sans-serif, system-ui, sans-serif; color: var(--ink);
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #1b2427; --ink: #e7eeec; --faint: #9eb0ab; --line: #2e3b3e; --soft: #232e31; --accent: #67c7cb; --accent-ink: #06282a;
    --team: #1d3c40; --note: #3a3317; --note-line: #5d5224; --good: #7ed69b; --bad: #ff8a80;
  }
}
*, *::before, *::after { box-sizing: border-box; }
p, h2, h3, ol, dl, dd { margin: 0; padding: 0; list-style: none; }
button, textarea, select { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { width: 17px; height: 17px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.frame { height: 100%; display: grid; grid-template: auto 1fr / 1fr 218px; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
.head { grid-column: 1 / -1; display: flex; align-items: center; gap: 10px; padding: 11px 16px; border-bottom: 1px solid var(--line); min-width: 0; }
.title { flex: 0 1 auto; min-width: 0; font-size: 15px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.product { color: var(--faint); font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 0 100 auto; min-width: 0; }
.status { margin-left: auto; font-size: 12px; font-weight: 600; padding: 2px 9px; border-radius: 10px; background: var(--soft); color: var(--faint); }
.status.good { color: var(--good); background: color-mix(in srgb, var(--good) 12%, transparent); }
.main { min-width: 0; min-height: 0; display: flex; flex-direction: column; }
.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 14px; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -2px; }
.entry { display: flex; gap: 10px; align-items: flex-start; max-width: 92%; }
.entry.team { flex-direction: row-reverse; align-self: flex-end; }
.avatar { width: 30px; height: 30px; border-radius: 50%; flex: none; display: grid; place-items: center; font-size: 11.5px; font-weight: 600; background: var(--soft); color: var(--faint); margin-top: 1px; }
.team .avatar { background: var(--accent); color: var(--accent-ink); }
.said { min-width: 0; display: grid; gap: 3px; justify-items: start; }
.team .said { justify-items: end; }
.byline { display: flex; gap: 7px; align-items: baseline; flex-wrap: wrap; font-size: 12px; color: var(--faint); }
.author { font-weight: 600; color: var(--ink); font-size: 13px; }
.byline time { font-variant-numeric: tabular-nums; }
.bubble { padding: 8px 12px; border-radius: 4px 12px 12px 12px; background: var(--soft); overflow-wrap: anywhere; min-width: 0; }
.team .bubble { background: var(--team); border-radius: 12px 4px 12px 12px; }
.note .bubble { background: var(--note); border: 1px solid var(--note-line); }
.body > * + * { margin-top: 6px; }
.body p { margin: 0; }
.body p + p { margin-top: 6px; }
.body i, .body em { color: var(--faint); }
.body a, .card a { color: var(--accent); }
.body pre { overflow-x: auto; }
.plain { white-space: pre-wrap; }
.choices { display: flex; flex-wrap: wrap; gap: 5px; margin-top: 7px; }
.quick { font-size: 12px; padding: 3px 9px; border: 1px solid var(--accent); color: var(--accent); border-radius: 12px; }
.media { margin-top: 7px; }
.picture { display: block; max-width: min(100%, 260px); max-height: 200px; border-radius: 8px; }
.card { display: flex; gap: 9px; align-items: center; padding-top: 6px; }
.card:first-child { padding-top: 0; }
.card-mark { width: 32px; height: 32px; border-radius: 9px; display: grid; place-items: center; background: color-mix(in srgb, var(--accent) 14%, transparent); color: var(--accent); flex: none; }
.card-title { display: block; font-weight: 600; font-size: 13.5px; }
.card-detail { display: block; font-size: 12.5px; color: var(--faint); }
.marks { display: flex; gap: 6px; flex-wrap: wrap; }
.mark { font-size: 12px; color: var(--faint); }
.mark.good { color: var(--good); }
.mark.bad { color: var(--bad); font-weight: 600; }
.event { align-self: center; text-align: center; font-size: 12.5px; color: var(--faint); display: grid; gap: 5px; justify-items: center; }
.event .bubble { color: var(--ink); text-align: left; font-size: 14px; }
.reply { margin: 0 16px 16px; border: 1px solid var(--line); border-radius: 12px; display: grid; }
.reply:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.reply textarea { border: 0; background: none; resize: none; padding: 10px 12px 4px; width: 100%; field-sizing: content; min-height: 44px; max-height: 130px; }
.reply textarea:focus { outline: none; }
.reply textarea::placeholder { color: var(--faint); opacity: 1; }
.bar { display: flex; gap: 8px; align-items: center; padding: 4px 8px 8px 12px; }
.as { margin-right: auto; font-size: 12.5px; color: var(--faint); min-width: 0; }
.as select { border: 0; background: none; color: var(--ink); font-weight: 500; max-width: 160px; padding: 3px 0; }
.as option { background: var(--paper); }
.quiet, .loud { border-radius: 9px; padding: 6px 12px; font-size: 13px; font-weight: 550; border: 1px solid var(--line); background: none; white-space: nowrap; }
.quiet:hover { background: var(--soft); }
.loud { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.facts { border-left: 1px solid var(--line); padding: 14px 16px; overflow-y: auto; display: grid; gap: 18px; align-content: start; font-size: 13px; scrollbar-width: thin; }
.facts h3 { font-size: 12px; font-weight: 600; color: var(--faint); margin-bottom: 7px; }
.facts dt { font-size: 12px; color: var(--faint); }
.facts dd { overflow-wrap: anywhere; margin-bottom: 7px; }
@media (max-width: 1080px) {
  .frame { grid-template: auto minmax(0, 1fr) auto / 1fr; }
  .facts { border-left: 0; border-top: 1px solid var(--line); max-height: 130px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
  .entry { max-width: 100%; }
}`);
