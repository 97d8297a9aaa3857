const usage = `Chatferry, the gateway between Telegram and the inbox of a support team: Intercom or HubSpot.

  npm start        starts it (node packages/gateway/dist/main.js, once it is built); it takes no arguments

It is set by environment variables, all of them optional: docs/configuration.md lists them, .env.example has each with its
default. Bots, inboxes and keys are administered with the CLI: npm run chatferry -- --help
`;

/** What a command line is answered with, and the exit code, in place of a start; null where the gateway is to start. */
export function answerCommandLine(
  given: readonly string[],
): { readonly text: string; readonly exitCode: 0 | 1 } | null {
  const [first] = given;
  if (first === undefined) return null;
  const unknown = given.find((argument) => !['--help', '-h', 'help'].includes(argument));
  return unknown === undefined
    ? { text: usage, exitCode: 0 }
    : { text: `The gateway takes no argument “${unknown}”; nothing was started.\n\n${usage}`, exitCode: 1 };
}
