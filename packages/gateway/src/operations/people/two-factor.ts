import type { Input, Output } from '@chatferry/contract';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { RequestContext } from '../context.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { acceptsCode, type Proof, readCaller, refusedCode, verifyCaller } from './verify-person.ts';

/** Stores a new secret for the caller's authenticator app. It counts once `confirmTwoFactor` succeeds. */
export async function startTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'startTwoFactor'>,
): Promise<Output<'startTwoFactor'>> {
  const person = await verifyCaller(deps, context, proofIn(body));
  const made = deps.credentials.newTwoFactor(person.email);
  const sealed = deps.vault.seal(made.secret, sealedColumns.totpSecret.contextOf(person.id));
  await deps.store.people.setTotp(person.id, sealed);
  return made;
}

export async function confirmTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'confirmTwoFactor'>,
): Promise<undefined> {
  const person = await readCaller(deps, context);
  const confirmed = await deps.throttle({ address: context.address, account: person.email }, async () =>
    (await acceptsCode(deps, person, body.code)) ? true : null,
  );
  if (confirmed === null) throw refusedCode();
  return undefined;
}

export async function stopTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'stopTwoFactor'>,
): Promise<undefined> {
  const person = await verifyCaller(deps, context, proofIn(body));
  await deps.store.people.setTotp(person.id, null);
  return undefined;
}

/** An absent code is refused like a wrong one where the account has a second factor. */
const proofIn = ({
  password,
  code = '',
}: {
  readonly password: string;
  readonly code?: string | undefined;
}): Proof => ({ password, pointer: '/password', code });
