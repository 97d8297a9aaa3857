import type { Handlers } from '@chatferry/contract';
import type { HandlersFor } from '../http/bind-operations.ts';
import type { RequestContext } from '../operations/context.ts';

const cachedMax = 1_000;

/** Creates the handlers once for each set of workspaces, on a database that shows only these workspaces. */
export function createHandlersFor(
  everything: Handlers<RequestContext>,
  make: (workspaces: readonly string[]) => Handlers<RequestContext>,
): HandlersFor {
  const cache = new Map<string, Handlers<RequestContext>>();
  return (reach) => {
    if (reach === null || reach.workspaces === 'all') return everything;
    const workspaces = [...reach.workspaces].sort();
    const name = workspaces.join(',');
    const handlers = cache.get(name) ?? make(workspaces);
    if (cache.size >= cachedMax) cache.clear();
    cache.set(name, handlers);
    return handlers;
  };
}
