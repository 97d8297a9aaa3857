import type { Config } from './config.ts';

/** How many days events are kept. They show messages, so they end with them. */
export const eventsDaysOf = ({ eventsDays, messagesDays }: Pick<Config, 'eventsDays' | 'messagesDays'>): number =>
  Math.min(eventsDays, messagesDays);
