import { bindHandlers } from '../bind-handlers.ts';
import { type EventDeps, listEvents } from './list-events.ts';

export const eventHandlers = (deps: EventDeps) => bindHandlers(deps, { listEvents });
