import type { Wire } from './channel.ts';

/** A simulated chat of a test channel. */
export interface TestChatAt {
  readonly botId: string;
  readonly chatId: string;
}

/** A message that the bot sent, for a simulation that does not remember it. */
export interface SentToPhone {
  /** The provider's id. */
  readonly channelMessageId: string;
  readonly wire: Wire;
}

/** A button or a key by its place. Rows and columns begin at 0. */
export interface ButtonPlace {
  readonly channelMessageId: string;
  readonly row: number;
  readonly column: number;
}

/** What a customer does. */
export type CustomerAction =
  | { readonly kind: 'start'; readonly payload?: string | undefined }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'contact'; readonly phoneNumber?: string | undefined }
  | { readonly kind: 'location'; readonly latitude: number; readonly longitude: number }
  | { readonly kind: 'block' | 'unblock' }
  | { readonly kind: 'tap'; readonly at: ButtonPlace };

export type CustomerDeed =
  | {
      readonly kind: 'done';
      readonly effect: 'update' | 'opened-url' | 'copied' | 'drafted' | 'chose-chat' | 'opened-web-app' | 'nothing';
      readonly value: string | null;
      /** Of the message that the customer sent; null if they sent none. */
      readonly channelMessageId: string | null;
    }
  /** The app of a customer would not allow it; a sentence. */
  | { readonly kind: 'impossible'; readonly detail: string };

/** A button or a key that a phone shows. */
export interface ShownButton extends ButtonPlace {
  readonly label: string;
  /** As the provider has it; null for a button that tells the bot nothing. */
  readonly data: string | null;
}

/** The simulated phones of all test channels, in this process. */
export interface TestPhones {
  /** A new bot, which the provider would name like this. */
  newBot(): { readonly botId: string; readonly username: string; readonly name: string; readonly apiRoot: string };
  /** The buttons that the chat shows now, those of the newest message first. `sent`: what the simulation may have forgotten. */
  buttons(at: TestChatAt, sent: readonly SentToPhone[]): Promise<readonly ShownButton[]>;
  act(at: TestChatAt, action: CustomerAction): Promise<CustomerDeed>;
  /** Raw updates that wait for the bot. They wait until they are confirmed. */
  updates(botId: string): readonly { readonly updateId: number; readonly raw: Buffer }[];
  confirm(botId: string, updateId: number): void;
}
