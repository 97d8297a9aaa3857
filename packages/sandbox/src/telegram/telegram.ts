import type { Simulator, SimulatorContext } from '../simulator.ts';
import { registerApi, runMethod } from './api.ts';
import { createControl, type TelegramControl } from './control.ts';
import { registerControlRoutes } from './control-routes.ts';
import { createInProcess, type InProcessTelegram } from './in-process.ts';
import { openJournal } from './journal.ts';
import { createState, type TelegramOptions } from './state.ts';

export interface TelegramSimulator extends Simulator, TelegramControl {
  readonly inProcess: InProcessTelegram;
}

/** The simulated Telegram: the Bot API over HTTP, and the control methods that drive it. */
export function createTelegram(context: SimulatorContext, options: TelegramOptions = {}): TelegramSimulator {
  const journal = options.journalPath === undefined ? undefined : openJournal(options.journalPath);
  const state = createState(context, options, journal, (bot, method, parameters) => {
    void runMethod(state, bot, method, parameters);
  });
  const control = createControl(state);
  return {
    ...control,
    inProcess: createInProcess(state),
    api: (app) => registerApi(app, state),
    control: (app) => registerControlRoutes(app, control),
    close() {
      for (const bot of state.botsById.values()) {
        bot.webhook?.close();
        bot.polling.close();
      }
      journal?.close();
      return Promise.resolve();
    },
  };
}
