import type { Input, Output } from '@chatferry/contract';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { doorOfSession } from './find-door.ts';
import { showPerson } from './show-person.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { assertStrongPassword, verifyCaller } from './verify-person.ts';

export async function getMe({ store }: SignInDeps, context: RequestContext): Promise<Output<'getMe'>> {
  const { kind, id, permissions, reach } = requirePrincipal(context);
  const person = kind === 'person' ? await store.people.read(id) : null;
  return {
    kind,
    id,
    permissions: [...permissions],
    workspaces: reach.workspaces === 'all' ? null : [...reach.workspaces],
    person: person && showPerson(person),
  };
}

/** Changes the caller's password and ends the caller's other sessions and known browsers. */
export async function changePassword(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'changePassword'>,
): Promise<undefined> {
  const proof = { password: body.current_password, pointer: '/current_password', code: null };
  const person = await verifyCaller(deps, context, proof);
  const credentials = deps.credentialsFor(doorOfSession(context));
  assertStrongPassword(credentials, body.password, person);
  const digest = await credentials.digestOfPassword(body.password);
  await deps.store.people.setPassword(person.id, digest, context.sessionId);
  // The cookies of before no longer count, and this browser stays known.
  const changed = await deps.store.people.read(person.id);
  if (changed) context.giveDevice(deps.devices.issue(changed, null));
  return undefined;
}
