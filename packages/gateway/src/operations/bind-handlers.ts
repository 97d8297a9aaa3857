import type { Handlers, Input, OperationId, Output } from '@chatferry/contract';
import type { RequestContext } from './context.ts';

/** Carries out one operation of the contract. */
type Handler<Deps, Id extends OperationId> = (
  deps: Deps,
  context: RequestContext,
  input: Input<Id>,
) => Promise<Output<Id>>;

type AnyHandler = (deps: unknown, context: RequestContext, input: unknown) => Promise<unknown>;

/** Binds handlers to their dependencies: `bindHandlers(deps, { getKey }).getKey(context, input)` runs `getKey(deps, context, input)`. */
export function bindHandlers<Deps, Id extends OperationId>(
  deps: Deps,
  handlers: { readonly [I in Id]: Handler<Deps, I> },
): Pick<Handlers<RequestContext>, Id> {
  const bound = Object.entries<AnyHandler>(handlers as Readonly<Record<string, AnyHandler>>).map(([id, handler]) => [
    id,
    (context: RequestContext, input: unknown) => handler(deps, context, input),
  ]);
  return Object.fromEntries(bound) as Pick<Handlers<RequestContext>, Id>;
}
