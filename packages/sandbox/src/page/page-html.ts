/** The empty page; the script fills it. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Chatferry sandbox</title>
  <link rel="icon" href="/page/icon.svg">
  <link rel="stylesheet" href="/page/page.css">
  <script type="module" src="/page/page.js"></script>
</head>
<body>
  <header class="top">
    <h1>Chatferry sandbox</h1>
    <p class="about">The customer in Telegram, and the team in its inbox</p>
    <p id="live" class="live" role="status">Connecting …</p>
  </header>
  <main>
    <section class="side customer" aria-label="The customer">
      <div class="choosers">
        <div><label for="choose-bot">Bot</label><select id="choose-bot" disabled></select></div>
        <div><label for="choose-chat">Chat</label><select id="choose-chat" disabled></select></div>
      </div>
      <telegram-phone id="phone" hidden></telegram-phone>
      <div id="phone-empty" class="empty" hidden>
        <p>No customer has a chat with this bot yet.</p>
        <button id="make-chat" type="button">Add a customer</button>
      </div>
      <details id="bot-tools" class="tools" hidden>
        <summary>The bot: its calls and its name</summary>
        <form id="rename"><label for="new-username">New user name</label><input id="new-username" required><button>Rename the bot</button></form>
        <ol id="calls"></ol>
      </details>
    </section>
    <section class="side team" aria-label="The team">
      <div class="choosers">
        <div><label for="choose-inbox">Inbox</label><select id="choose-inbox" disabled></select></div>
        <div class="wide"><label for="choose-conversation">Conversation</label><select id="choose-conversation" disabled></select></div>
        <button id="link" type="button" hidden>Show this chat’s conversation</button>
      </div>
      <inbox-conversation id="conversation" hidden></inbox-conversation>
      <div id="inbox-empty" class="empty" hidden>
        <p>No conversation yet. The first conversation that a gateway records appears here.</p>
        <button id="make-workspace" type="button" hidden>Add an Intercom workspace</button>
      </div>
    </section>
  </main>
  <div id="alert" role="alert"></div>
</body>
</html>
`;

/** A ferry between two shores. */
export const pageIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#0b6e75"/>
  <path d="M6 18h20l-3.5 6h-13zM11 18v-7h7l4 7" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round"/>
</svg>
`;
