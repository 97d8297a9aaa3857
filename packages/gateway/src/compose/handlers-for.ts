import type { Handlers } from '@chatferry/contract';
import type { HandlersFor } from '../http/bind-operations.ts';
import type { RequestContext } from '../operations/context.ts';

const keptMax = 1_000;

/** Made once for each set of workspaces, on a database that shows only those. */
export function createHandlersFor(
  everything: Handlers<RequestContext>,
  make: (workspaces: readonly string[]) => Handlers<RequestContext>,
): HandlersFor {
  const kept = new Map<string, Handlers<RequestContext>>();
  return (reach) => {
    if (reach === null || reach.workspaces === 'all') return everything;
    const workspaces = [...reach.workspaces].sort();
    const name = workspaces.join(',');
    const handlers = kept.get(name) ?? make(workspaces);
    if (kept.size >= keptMax) kept.clear();
    kept.set(name, handlers);
    return handlers;
  };
}
