import { bindHandlers } from '../bind-handlers.ts';
import { getMessage, listMessages, type ReadMessagesDeps } from './read-messages.ts';
import { type ResolveMessageDeps, resolveMessage } from './resolve-message.ts';
import { getMessageTimeline, type TimelineDeps } from './show-timeline.ts';

export const messageHandlers = (deps: ReadMessagesDeps & ResolveMessageDeps & TimelineDeps) =>
  bindHandlers(deps, { getMessage, listMessages, resolveMessage, getMessageTimeline });
