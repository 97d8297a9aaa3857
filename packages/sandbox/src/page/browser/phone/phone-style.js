import { styleSheet } from './element.js';

const colours = `
:host {
  --paper: #ffffff; --ink: #17211f; --faint: #5b6965; --line: #dde4e1; --accent: #0b6e75; --accent-ink: #ffffff;
  --wall-1: #dfe9e6; --wall-2: #cfdfe6; --mine: #ddf3d6; --mine-line: #c4e3ba; --mine-faint: #4a6b46;
  --glass: #3c5f66cc; --glass-ink: #ffffff; --key: #ffffff; --keys: #e4eae8; --frame: #1d2625; --danger: #b3261e;
  --primary: #1d63c4; --success: #1e7a3d; --shade: #0d1b1a66;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #1b2427; --ink: #e7eeec; --faint: #9eb0ab; --line: #2e3b3e; --accent: #67c7cb; --accent-ink: #06282a;
    --wall-1: #12191c; --wall-2: #15222a; --mine: #1f4a45; --mine-line: #2a5d57; --mine-faint: #a9cdc6;
    --glass: #2c4147e6; --glass-ink: #e7f3f2; --key: #2b383c; --keys: #141c1f; --frame: #3a4649; --danger: #ff8a80;
    --primary: #2f6cc0; --success: #257a45; --shade: #000000a0;
  }
}`;

const frame = `
:host { display: block; height: 100%; min-height: 0; font: 14px/1.4 Inter, ui-sans-serif, system-ui, sans-serif; color: var(--ink); }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, ol, ul, blockquote { margin: 0; padding: 0; list-style: none; }
button, textarea, input { font: inherit; color: inherit; }
button { cursor: pointer; }
button:disabled { cursor: default; opacity: .55; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.icon { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.device { height: 100%; padding: 9px; border-radius: 38px; background: var(--frame); box-shadow: 0 1px 2px #0002, 0 18px 40px -18px #0006; }
.screen { position: relative; height: 100%; border-radius: 30px; overflow: hidden; background: var(--paper); }
.behind { height: 100%; display: flex; flex-direction: column; }
.head { display: grid; grid-template-columns: auto 1fr auto; gap: 11px; align-items: center; padding: 13px 12px 11px 16px; border-bottom: 1px solid var(--line); }
.avatar { width: 38px; height: 38px; border-radius: 50%; display: grid; place-items: center; font-weight: 600; font-size: 16px; color: #fff; background: linear-gradient(160deg, #3f9aa0, #0b5f70); }
.name { font-size: 15px; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere; }
.handle { font-size: 12px; color: var(--faint); }
.tool { border: 0; background: none; padding: 7px; border-radius: 10px; display: grid; place-items: center; color: var(--faint); }
.tool:hover { background: color-mix(in srgb, var(--faint) 14%, transparent); color: var(--ink); }`;

const chat = `
.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 12px 10px; display: flex; flex-direction: column; gap: 6px; background: linear-gradient(var(--wall-1), var(--wall-2)); scrollbar-width: thin; }
.log:focus-visible { outline-offset: -2px; }
.log > :first-child { margin-top: auto; }
.message { max-width: 86%; align-self: flex-start; min-width: 96px; }
.message.mine { align-self: flex-end; }
.bubble { background: var(--paper); border-radius: 4px 14px 14px 14px; padding: 7px 11px 5px; box-shadow: 0 1px 1px #0000001a; overflow-wrap: anywhere; }
.mine .bubble { background: var(--mine); border-radius: 14px 14px 4px 14px; }
.bubble::after { content: ""; display: block; clear: both; }
.text { display: inline; white-space: pre-wrap; }
.entity { color: var(--accent); }
.entity:is(.bold, .italic, .underline, .strikethrough, .spoiler, .blockquote, .expandable_blockquote) { color: inherit; }
.entity.bold { font-weight: 700; }
.entity.italic { font-style: italic; }
.entity.underline { text-decoration: underline; }
.entity.strikethrough { text-decoration: line-through; }
.entity:is(.code, .pre) { color: inherit; font-family: ui-monospace, monospace; }
.via { font-size: 12px; color: var(--accent); font-weight: 500; }
.head .tool .icon { stroke-width: 3; }
.stamp { float: right; margin: 5px 0 0 10px; display: flex; gap: 4px; justify-content: flex-end; align-items: center; font-size: 11px; line-height: 1.3; color: var(--faint); font-variant-numeric: tabular-nums; }
.mine .stamp { color: var(--mine-faint); }
.stamp .icon { width: 14px; height: 14px; }
.service { align-self: center; font-size: 12px; padding: 3px 10px; border-radius: 12px; background: var(--glass); color: var(--glass-ink); }
.quote { border-left: 3px solid var(--accent); border-radius: 4px; background: color-mix(in srgb, var(--accent) 9%, transparent); padding: 3px 8px; margin: 2px 0 4px; display: grid; min-width: 0; font-size: 13px; }
.quote-name { color: var(--accent); font-weight: 600; }
.quote-text { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row { display: flex; gap: 4px; }
.row > * { flex: 1 1 0; min-width: 0; }
.inline-keyboard { display: grid; gap: 4px; margin-top: 4px; }
.inline-button { position: relative; border: 0; border-radius: 9px; padding: 8px 12px; min-height: 36px; background: var(--glass); color: var(--glass-ink); font-weight: 500; font-size: 13.5px; overflow-wrap: anywhere; transition: filter .12s; }
.inline-button:hover:enabled { filter: brightness(1.12); }
.inline-button:active:enabled, .key:active { transform: translateY(1px); }
.inline-button .icon { position: absolute; top: 4px; right: 4px; width: 11px; height: 11px; stroke-width: 2.4; opacity: .85; }
.primary { background: var(--primary) !important; color: #fff !important; }
.success { background: var(--success) !important; color: #fff !important; }
.danger.inline-button, .danger.key { background: #b3261e; color: #fff; }
.media { margin: -1px -3px 3px; }
.picture { display: block; max-width: 232px; max-height: 232px; border-radius: 10px; }
.picture.sticker { max-width: 128px; }
.card { display: flex; gap: 10px; align-items: center; padding: 3px 0; }
.card-mark { width: 36px; height: 36px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--accent-ink); flex: none; }
.card-title { display: block; font-weight: 600; }
.card-detail { display: block; font-size: 12.5px; color: var(--faint); font-variant-numeric: tabular-nums; }
.mine .card-detail { color: var(--mine-faint); }
.map { position: relative; width: 216px; max-width: 100%; height: 96px; margin: 1px 0 4px; border-radius: 9px; display: grid; place-items: center; color: #c0392b; background: linear-gradient(24deg, transparent 46%, #fff 46% 51%, transparent 51%), linear-gradient(-38deg, transparent 56%, #fff 56% 60%, transparent 60%), linear-gradient(100deg, transparent 70%, #b9d9e8 70% 82%, transparent 82%), linear-gradient(80deg, #dfead3 34%, #ece8dd 34%); }
.map .icon { width: 30px; height: 30px; fill: #fff; }`;

const foot = `
.composer, .gate { border-top: 1px solid var(--line); background: var(--paper); }
.line { display: flex; align-items: flex-end; gap: 4px; padding: 7px 8px; }
.line textarea { flex: 1; min-width: 0; border: 0; resize: none; padding: 7px 4px; max-height: 108px; field-sizing: content; background: none; line-height: 1.4; }
.line textarea:focus { outline: none; }
.line:focus-within { box-shadow: inset 0 2px 0 var(--accent); }
.line textarea::placeholder { color: var(--faint); opacity: 1; }
.send { border: 0; border-radius: 50%; width: 36px; height: 36px; display: grid; place-items: center; background: var(--accent); color: var(--accent-ink); flex: none; }
.hint { padding: 7px 14px 5px; font-size: 12px; color: var(--accent); }
.reply { display: flex; align-items: center; gap: 8px; padding: 7px 8px 7px 14px; color: var(--accent); }
.reply .quote { flex: 1; color: var(--ink); margin: 0; }
.results { max-height: 168px; overflow-y: auto; border-bottom: 1px solid var(--line); }
.result { width: 100%; text-align: left; border: 0; background: none; padding: 9px 14px; }
.result:hover { background: color-mix(in srgb, var(--accent) 10%, transparent); }
.results li + li { border-top: 1px solid var(--line); }
.keyboard:not(:empty) { background: var(--keys); padding: 6px; padding-bottom: 12px; max-height: 40%; overflow-y: auto; flex: none; }
.keys { display: grid; gap: 6px; }
.keys .row { gap: 6px; }
.keys.tall { min-height: 208px; grid-auto-rows: 1fr; }
.key { border: 0; border-radius: 8px; padding: 8px 10px; min-height: 40px; background: var(--key); box-shadow: 0 1px 0 #0000002e; display: flex; gap: 7px; align-items: center; justify-content: center; overflow-wrap: anywhere; font-size: 13.5px; }
.key:hover { filter: brightness(.97); }
.key .icon { width: 15px; height: 15px; color: var(--accent); }
.key .label { min-width: 0; }
.gate { padding: 12px 14px 18px; text-align: center; }
.gate-text { color: var(--faint); margin-bottom: 8px; }
.gate-button, .choice { border: 0; border-radius: 11px; padding: 10px 16px; width: 100%; background: var(--accent); color: var(--accent-ink); font-weight: 600; }
.toasts { position: relative; height: 0; z-index: 1; }
.toast { position: absolute; left: 50%; bottom: 10px; translate: -50% 0; width: max-content; max-width: 88%; padding: 8px 14px; border-radius: 12px; background: #17211fe8; color: #fff; font-size: 13px; overflow-wrap: anywhere; animation: toast 4s forwards; }
@keyframes toast { 0% { opacity: 0; } 6%, 88% { opacity: 1; } 100% { opacity: 0; } }
.question { position: absolute; inset: 0; z-index: 2; display: grid; place-items: center; padding: 22px; background: var(--shade); }
.question-box { width: 100%; max-width: 300px; background: var(--paper); border-radius: 18px; padding: 18px; display: grid; gap: 10px; box-shadow: 0 12px 40px #0005; }
.question-box h2 { font-size: 16px; overflow-wrap: anywhere; }
.address { overflow-wrap: anywhere; padding: 8px 10px; border-radius: 9px; background: color-mix(in srgb, var(--faint) 12%, transparent); font-size: 13px; }
.address a { color: var(--accent); }
.field { display: grid; gap: 3px; font-size: 12.5px; color: var(--faint); }
.field input { border: 1px solid var(--line); border-radius: 8px; padding: 7px 9px; background: none; color: var(--ink); font-size: 14px; }
.choices { display: grid; gap: 6px; margin-top: 4px; }
.choice:not(:first-child) { background: color-mix(in srgb, var(--faint) 14%, transparent); color: var(--ink); }
.choice.danger { color: var(--danger) !important; }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }`;

export const phoneStyle = styleSheet(colours + frame + chat + foot);
