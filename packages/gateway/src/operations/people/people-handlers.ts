import { bindHandlers } from '../bind-handlers.ts';
import { createAdminToken, listAdminTokens, revokeAdminToken } from './admin-tokens.ts';
import { inviteAgain, invitePerson } from './invite-person.ts';
import { deletePerson, listPeople, updatePerson } from './manage-people.ts';
import type { ManagedHandler, ManagedOperation } from './managed.ts';
import type { PeopleDeps } from './people-deps.ts';

/** A new operation of these groups needs a handler here, and the handler a decision. */
const handlers: { readonly [Id in ManagedOperation]: ManagedHandler<Id> } = {
  invitePerson,
  inviteAgain,
  listPeople,
  updatePerson,
  deletePerson,
  createAdminToken,
  listAdminTokens,
  revokeAdminToken,
};

/** Manages the people who may sign in, and the tokens for scripts. */
export const peopleHandlers = (deps: PeopleDeps) => bindHandlers(deps, handlers);
