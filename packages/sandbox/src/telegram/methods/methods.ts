import { getMe } from './get-me.ts';
import type { Method } from './method.ts';
import { sendMessage } from './send-message.ts';

const METHODS: Readonly<Record<string, Method>> = {
  getMe,
  sendMessage,
};

/** Telegram: method names are read without regard to case. */
const BY_LOWER_CASE: ReadonlyMap<string, { readonly name: string; readonly run: Method }> = new Map(
  Object.entries(METHODS).map(([name, run]) => [name.toLowerCase(), { name, run }]),
);

export const findMethod = (name: string) => BY_LOWER_CASE.get(name.toLowerCase());
