import { bindHandlers } from '../bind-handlers.ts';
import { getMessage, listMessages, type ReadMessagesDeps } from './read-messages.ts';
import { type ResolveMessageDeps, resolveMessage } from './resolve-message.ts';

export const messageHandlers = (deps: ReadMessagesDeps & ResolveMessageDeps) =>
  bindHandlers(deps, { getMessage, listMessages, resolveMessage });
