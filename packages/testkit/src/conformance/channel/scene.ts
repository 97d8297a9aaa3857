import type { Channel, ChannelCredential } from '@chatferry/gateway/internal/ports/channel';
import type { ChannelKind } from '@chatferry/gateway/internal/ports/channel-kind';

/** What befalls the next send at the provider. "After" means that the customer has the message anyway. */
export type Trouble =
  | 'rate-limited'
  | 'cut-before'
  | 'cut-after'
  | 'truncated-after'
  | 'bad-gateway-before'
  | 'bad-gateway-after'
  | 'silence-after';

/** A provider over real HTTP with one bot and one customer who has started it. */
export interface ChannelScene {
  readonly kind: ChannelKind;
  readonly credential: ChannelCredential;
  readonly botId: string;
  readonly chatId: string;
  /** A person whom the bot may not write to yet. */
  readonly strangerId: string;
  /** A chat that the provider has never heard of. */
  readonly nobodyId: string;
  /** A base address at which no server listens. */
  readonly deadRoot: string;
  /** The bot's messages as the customer sees them, oldest first. */
  seen(): readonly string[];
  /** Resolves when the customer sees this number of messages. */
  sawMessages(count: number): Promise<void>;
  trouble(next: Trouble): void;
  /** Moves the gateway's clock forward. */
  passTime(byMs: number): void;
  /** Tells the provider that the credential counts no more. */
  revoke(): void;
  says(text: string): void;
  /** Sends a document; `size` is what the provider believes of it. */
  sendsFile(content: Buffer, size?: number): void;
  /** Uses the first button of the newest message. */
  tapsFirstButton(): void;
  /** Asks the bot for suggestions with this query, as the apps do. */
  asksInline(query: string): void;
  /** The titles that the bot suggested; empty before it answered. */
  suggestions(): readonly string[];
  picksSuggestion(): void;
  blocks(): void;
  unblocks(): void;
  /** A group, and what its id becomes when it moves. */
  makesGroup(): { readonly chatId: string; readonly moves: () => string };
  close(): Promise<void>;
}

/** The scene of the running case, and the adapter against it. */
export interface Around {
  readonly scene: () => ChannelScene;
  readonly channel: () => Channel;
}
