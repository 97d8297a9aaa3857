import type { PersonRecord, ProviderSubject } from '../../store/people.ts';
import { findDoor } from './find-door.ts';
import { auditEntryOf, openProviderSession } from './open-provider-session.ts';
import type { ProviderSignInDeps, SignInCaller, SignInResult } from './provider-sign-in-deps.ts';
import { provePerson, refusedSignIn } from './sign-in.ts';

/** The account exists and has a password: the person must give it once. */
export interface LinkOffer {
  readonly email: string;
  /** The browser must bring it back with the password. It has no session yet. */
  readonly linkCookie: string;
}

export interface LinkProof {
  readonly cookie: string | null;
  readonly password: string;
  /** Undefined if the person gave none. */
  readonly code: string | undefined;
}

/** The password or the code was wrong; the person may try again. */
export interface WrongProof {
  readonly wrong: string;
}

/** How long a person may take to give the password. */
const linkLifeMs = 10 * 60_000;
const sealContext = 'sign-in|oidc|link';

interface Offered extends ProviderSubject {
  readonly personId: string;
  readonly untilMs: number;
}

/** Does not reveal whether the account has a second factor. */
export function offerLink(
  { vault, clock }: ProviderSignInDeps,
  { issuer, subject }: ProviderSubject,
  { id, email }: PersonRecord,
): LinkOffer {
  const offered: Offered = { issuer, subject, personId: id, untilMs: clock.nowMs() + linkLifeMs };
  return { email, linkCookie: vault.seal(JSON.stringify(offered), sealContext).toString('base64url') };
}

/**
 * Links the identity that was offered before with its account, after the password and the second factor, and signs the person
 * in. Failures count like those of a sign-in.
 */
export async function linkAccount(
  deps: ProviderSignInDeps,
  { cookie, ...proof }: LinkProof,
  caller: SignInCaller,
): Promise<SignInResult | WrongProof> {
  const offered = openOffer(deps, cookie);
  const person = offered === null ? null : await deps.store.people.read(offered.personId);
  if (offered === null || person === null) return expired;
  const { door } = await findDoor(deps, caller, person.email);
  const proven = await deps.throttle(door, () => provePerson(deps, door, person, proof));
  const linked = proven === null ? null : await deps.store.people.linkProvider(person.id, offered, proven.password);
  await deps.store.audit.append({
    ...auditEntryOf(caller, 'linkProvider'),
    object: person.id,
    status: linked === null ? 403 : 200,
  });
  if (proven === null) return { wrong: refusedSignIn };
  return linked === null ? expired : openProviderSession(deps, linked, caller);
}

const expired = {
  problem:
    'This sign-in took too long, was finished before, or began in another browser. Begin again at /sign-in/oidc.',
} as const;

/** Null for a cookie that is absent, too old, or not made here. */
function openOffer({ vault, clock }: ProviderSignInDeps, cookie: string | null): Offered | null {
  if (cookie === null) return null;
  try {
    const offered: Offered = JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), sealContext));
    return clock.nowMs() < offered.untilMs ? offered : null;
  } catch {
    return null;
  }
}
