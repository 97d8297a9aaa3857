export { type SandboxClock, systemClock } from './clock.ts';
export { type Answer, createFaults, type Effect, type Fault, type Faults } from './faults.ts';
export { createFeed, type Feed, type FeedEvent } from './feed.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export type { Simulator, SimulatorContext } from './simulator.ts';
export type { TelegramOptions } from './telegram/state.ts';
export { type At, createTelegram, type TelegramSimulator } from './telegram/telegram.ts';
export type { Transcript } from './telegram/transcript.ts';
