/** What people read about a kind of channel: in alarms, remedies and refusals. */
export interface ChannelWords {
  /** The product's name. */
  readonly displayName: string;
  /** Who issues the tokens of bots. */
  readonly tokenIssuer: string;
  /** The command that shows a token there, and what to choose after it. */
  readonly tokenMenu: readonly [command: string, steps: string];
  /** The command that makes a token invalid. */
  readonly revokeCommand: string;
  /** What a token looks like, as the end of “… shows it:”. */
  readonly tokenShape: string;
  /** How long the provider stores updates that it cannot deliver. */
  readonly updatesKeptFor: string;
}
