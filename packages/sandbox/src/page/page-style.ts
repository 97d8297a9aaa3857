/** The style of the page around its two components, which have style sheets of their own. */
export const pageStyle = `
:root {
  --back: #f0f3f2; --paper: #ffffff; --ink: #17211f; --faint: #5b6965; --line: #d6dddb; --accent: #0b6e75; --accent-ink: #ffffff; --good: #1b6b3a;
  color-scheme: light dark;
  font: 14px/1.45 Inter, ui-sans-serif, system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #11181a; --paper: #1b2427; --ink: #e7eeec; --faint: #9eb0ab; --line: #2e3b3e; --accent: #67c7cb; --accent-ink: #06282a; --good: #7ed69b;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body { background: var(--back); color: var(--ink); display: flex; flex-direction: column; }
h1, p { margin: 0; }
button, select { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.top { display: flex; align-items: baseline; gap: 14px; padding: 14px 24px 0; }
h1 { font-size: 16px; font-weight: 650; letter-spacing: -.01em; white-space: nowrap; }
.about { color: var(--faint); font-size: 13.5px; }
.live { margin-left: auto; color: var(--faint); font-size: 13px; white-space: nowrap; }
.live::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 50%; margin-right: 7px; background: #c98a1b; }
.live.on { color: var(--good); }
.live.on::before { background: currentColor; }
main { flex: 1; min-height: 0; display: grid; grid-template-columns: 392px minmax(0, 1fr); gap: 24px; padding: 12px 24px 20px; }
.side { min-width: 0; min-height: 0; display: flex; flex-direction: column; gap: 12px; }
.side > telegram-phone, .side > inbox-conversation { flex: 1; }
.choosers { display: flex; gap: 12px; align-items: flex-end; }
.choosers div { flex: 1; min-width: 0; display: grid; gap: 3px; font-size: 12.5px; color: var(--faint); }
.choosers div.wide { flex: 2; }
select { width: 100%; padding: 6px 8px; border: 1px solid var(--line); border-radius: 9px; background: var(--paper); color: var(--ink); text-overflow: ellipsis; font-size: 14px; }
.choosers button, .empty button, #alert button { padding: 6px 13px; border: 1px solid var(--line); border-radius: 9px; background: var(--paper); white-space: nowrap; cursor: pointer; }
.empty { flex: 1; display: grid; place-content: center; justify-items: center; gap: 12px; text-align: center; color: var(--faint); border: 1px dashed var(--line); border-radius: 14px; padding: 24px; }
.empty button { color: var(--ink); }
.tools { font-size: 12.5px; color: var(--faint); }
.tools form { display: flex; gap: 8px; align-items: center; margin: 8px 0; flex-wrap: wrap; }
.tools ol { max-height: 320px; overflow: auto; margin: 0; padding-left: 22px; }
.tools pre { margin: 2px 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
#alert:not(:empty) { position: fixed; left: 50%; top: 14px; translate: -50% 0; width: max-content; max-width: min(560px, calc(100vw - 32px)); display: flex; gap: 14px; align-items: center; padding: 12px 14px 12px 18px; border-radius: 13px; background: #31201e; color: #fff; box-shadow: 0 12px 40px #0006; z-index: 3; }
#alert p { overflow-wrap: anywhere; }
#alert button { background: none; border-color: #fff5; color: inherit; }
@media (max-width: 860px) {
  html, body { height: auto; }
  .top { flex-wrap: wrap; padding: 14px 14px 0; }
  .about { order: 3; width: 100%; }
  main { grid-template-columns: minmax(0, 1fr); padding: 12px 14px 20px; gap: 28px; }
  .side > telegram-phone { height: min(680px, 92dvh); flex: none; }
  .side > inbox-conversation { height: min(720px, 92dvh); flex: none; }
  .team .choosers { flex-wrap: wrap; }
  .team .choosers div { flex-basis: 100%; }
}
`;
