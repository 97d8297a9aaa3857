import type { PersonRecord } from '../../store/people.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { Door } from './door.ts';
import { networkOf } from './network-of.ts';
import type { SignInDeps } from './sign-in-deps.ts';

type CodeDeps = Pick<SignInDeps, 'credentialsFor' | 'store' | 'vault' | 'clock'>;

/** `locked`: too many wrong codes came through this door. Then no code is looked at. */
export type CodeVerdict = 'right' | 'wrong' | 'locked';

/**
 * Whether a code of the authenticator app is valid now, after a right password. A valid code is used up. Each try is counted in
 * the database before the code is looked at, so that no number of simultaneous tries gets more of them. All strangers
 * share one count for each account, wherever they are. Known browsers and sessions have their own.
 */
export async function checkCode(
  { credentialsFor, store, vault, clock }: CodeDeps,
  door: Door,
  person: PersonRecord,
  code: string,
): Promise<CodeVerdict> {
  if (person.totpSecret === null) return 'wrong';
  const bucket = `${person.id}|${door.kind === 'known' ? door.id : 'strangers'}`;
  const network = networkOf(door.address);
  if (!(await store.secondFactors.takeTry({ bucket, personId: person.id, network }))) return 'locked';
  const secret = vault.open(person.totpSecret, sealedColumns.totpSecret.contextOf(person.id));
  const step = credentialsFor(door).stepOfCode(secret, code, clock.nowMs());
  if (step === null || !(await store.secondFactors.useStep(person.id, step))) return 'wrong';
  await store.secondFactors.passTry({ bucket, network });
  return 'right';
}

/** Takes as long as a wrong code: otherwise the time of the answer would say that the password was right. */
export async function pretendToCheckCode({ store }: CodeDeps, door: Door): Promise<void> {
  const network = networkOf(door.address);
  await store.secondFactors.takeTry({ bucket: `decoy|${network}`, personId: null, network });
}
