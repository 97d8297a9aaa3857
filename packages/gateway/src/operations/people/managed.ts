import type { adminTokenOperations, Input, OperationId, Output, peopleOperations } from '@chatferry/contract';
import type { Role } from '../../core/access/roles.ts';
import type { RequestContext } from '../context.ts';
import { assertMayManage } from './assert-may-manage.ts';
import type { PeopleDeps } from './people-deps.ts';

/** Every operation with which people manage other people, tokens and invitations. */
export type ManagedOperation = keyof typeof peopleOperations | keyof typeof adminTokenOperations;

declare const judged: unique symbol;

/** A handler that runs only after `assertMayManage`. There is no other way to make one than `managed`. */
export type ManagedHandler<Id extends OperationId> = ((
  deps: PeopleDeps,
  context: RequestContext,
  input: Input<Id>,
) => Promise<Output<Id>>) & { readonly [judged]: true };

/** An operation, and the decision about whom it acts on. */
interface Managed<Id extends OperationId, Subject> {
  /** Reads what the request names, before anything else. Throws NOT_FOUND. */
  readonly find: (deps: PeopleDeps, input: Input<Id>) => Promise<Subject>;
  /** The roles of all people that it acts on, as they are and as they would become. */
  readonly rolesOf: (subject: Subject, input: Input<Id>) => readonly Role[];
  readonly run: (deps: PeopleDeps, context: RequestContext, input: Input<Id>, subject: Subject) => Promise<Output<Id>>;
}

/** Makes the handler of an operation that manages people, tokens or invitations. */
export function managed<Id extends ManagedOperation, Subject>({
  find,
  rolesOf,
  run,
}: Managed<Id, Subject>): ManagedHandler<Id> {
  const handle = async (deps: PeopleDeps, context: RequestContext, input: Input<Id>): Promise<Output<Id>> => {
    // A caller that may not manage people must not learn which ids exist.
    assertMayManage(context, []);
    const subject = await find(deps, input);
    assertMayManage(context, rolesOf(subject, input));
    return run(deps, context, input, subject);
  };
  return handle as ManagedHandler<Id>;
}
