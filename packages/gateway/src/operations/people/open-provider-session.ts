import type { PersonRecord } from '../../store/people.ts';
import { beginSession } from './begin-session.ts';
import type { ProviderSignInDeps, SignInCaller, SignInResult } from './provider-sign-in-deps.ts';

/** Signs in the person whom the provider named; null: it named no person with an account here. Both are in the audit log. */
export async function openProviderSession(
  deps: ProviderSignInDeps,
  person: PersonRecord | null,
  caller: SignInCaller,
): Promise<SignInResult> {
  // Stored before the session: a sign-in that cannot be recorded does not happen.
  await deps.store.audit.append({
    ...auditEntryOf(caller, 'signInByProvider'),
    object: person?.id ?? null,
    status: person === null ? 403 : 200,
  });
  if (person === null) {
    return {
      problem:
        'The identity provider knows you, but you have no account here. Ask an owner or admin to invite the e-mail address that the provider has verified.',
    };
  }
  const session = await beginSession(deps, person.id, caller);
  const device = deps.devices.issue(person, deps.devices.open(caller.device));
  return { name: person.name, session, device };
}

export const auditEntryOf = ({ requestId, address }: SignInCaller, action: 'signInByProvider' | 'linkProvider') =>
  ({
    requestId,
    address,
    phase: 'ended',
    actorKind: 'nobody',
    actorId: 'nobody',
    action,
    workspaceId: null,
    fields: [],
  }) as const;
