import { Chatferry, type ChatferryOptions } from '@chatferry/sdk';

export type Credentials = Pick<ChatferryOptions, 'adminToken' | 'key' | 'retriesMax'>;

/** The client of one command. */
export const createClient = (url: string, credentials: Credentials): Chatferry =>
  new Chatferry({ baseUrl: url, userAgent: 'chatferry-cli', ...credentials });
