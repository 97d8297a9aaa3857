/** The simulated Telegram inside another program: without HTTP, with a bound on its memory, and with ids from outside. */
export { type SandboxClock, systemClock } from './clock.ts';
export { ControlError } from './control-error.ts';
export { type Answer, createFaults } from './faults.ts';
export { createSilentFeed } from './feed.ts';
export type { ApiCall, PreparedCall, RememberedMessage } from './telegram/in-process.ts';
export { createTelegram, type TelegramSimulator } from './telegram/telegram.ts';
export type { Transcript } from './telegram/transcript.ts';
