/** The guides, in the order in which a newcomer needs them. Each one is `docs/guides/<name>.md`, and a page of every gateway. */
export const guides = [
  { name: 'send', title: 'Send a message', about: 'a text, buttons, a place, a poll' },
  { name: 'media', title: 'Send files', about: 'files and albums' },
  { name: 'events', title: 'Receive events', about: 'what happened, and who tapped what' },
  { name: 'test-mode', title: 'Test without a bot and an inbox', about: 'simulated chats, and forced failures' },
  { name: 'errors', title: 'Handle errors', about: 'what went wrong, and what to do' },
] as const;
