import type { Input, Output } from '@chatferry/contract';
import { sealedColumns } from '../../store/sealed-columns.ts';
import { invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { doorOfSession } from './find-door.ts';
import type { SignInDeps } from './sign-in-deps.ts';
import { type Proof, readCaller, refusedCode, verifyCaller } from './verify-person.ts';

/** Stores a new secret for the caller's authenticator app. It counts once `confirmTwoFactor` succeeds; until then the old one does. */
export async function startTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'startTwoFactor'>,
): Promise<Output<'startTwoFactor'>> {
  const person = await verifyCaller(deps, context, proofIn(body));
  const made = deps.credentialsFor(doorOfSession(context)).newTwoFactor(person.email);
  const sealed = deps.vault.seal(made.secret, sealedColumns.pendingTotpSecret.contextOf(person.id));
  await deps.store.secondFactors.storePending(person.id, sealed);
  return made;
}

export async function confirmTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'confirmTwoFactor'>,
): Promise<undefined> {
  const { id } = await readCaller(deps, context);
  const pending = await deps.store.secondFactors.readPending(id);
  if (pending === null) throw nothingBegun();
  const confirmed = await deps.throttle(doorOfSession(context), async () =>
    (await confirmPending(deps, context, { id, pending, code: body.code })) ? true : null,
  );
  if (confirmed === null) throw refusedCode();
  return undefined;
}

async function confirmPending(
  { credentialsFor, store, vault, clock }: SignInDeps,
  context: RequestContext,
  { id, pending, code }: { readonly id: string; readonly pending: Buffer; readonly code: string },
): Promise<boolean> {
  const secret = vault.open(pending, sealedColumns.pendingTotpSecret.contextOf(id));
  const step = credentialsFor(doorOfSession(context)).stepOfCode(secret, code, clock.nowMs());
  if (step === null) return false;
  const sealed = vault.seal(secret, sealedColumns.totpSecret.contextOf(id));
  return store.secondFactors.confirm(id, { pending, sealed, step });
}

export async function stopTwoFactor(
  deps: SignInDeps,
  context: RequestContext,
  { body }: Input<'stopTwoFactor'>,
): Promise<undefined> {
  const person = await verifyCaller(deps, context, proofIn(body));
  await deps.store.secondFactors.remove(person.id);
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

const nothingBegun = () =>
  invalidValue(
    '/code',
    'No second factor waits for a code. Begin with POST /api/v1/me/two-factor, and confirm within 15 minutes.',
  );
