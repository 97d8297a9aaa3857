import type { Handlers, Session } from '@chatferry/contract';
import { createSlots } from '../../engine/lanes/slots.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { PersonCredentials } from '../../ports/person-credentials.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { PersonRecord } from '../../store/people.ts';
import { sealedColumns } from '../../store/sealed-columns.ts';
import type { SessionRecord } from '../../store/sessions.ts';
import type { StoreSlice } from '../../store/store.ts';
import { ApiError, unfit } from '../api-error.ts';
import { principalOf, type RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import type { BeginSession } from './begin-session.ts';
import { digestOfSecret } from './digest-of-secret.ts';
import { showPerson } from './show-person.ts';
import { createThrottle } from './throttle.ts';

export interface SignInDeps {
  readonly store: StoreSlice<{
    readonly people:
      | 'claimInstallation'
      | 'acceptInvitation'
      | 'read'
      | 'readByEmail'
      | 'readInvited'
      | 'setPassword'
      | 'setTotp'
      | 'useTotpStep';
    readonly sessions: 'list' | 'end';
    readonly loginFailures: 'waitMs' | 'record' | 'forget';
  }>;
  readonly credentials: PersonCredentials;
  readonly beginSession: BeginSession;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
}

type SignInHandlers = Pick<
  Handlers<RequestContext>,
  | 'claim'
  | 'signIn'
  | 'listSessions'
  | 'endSession'
  | 'getMe'
  | 'changePassword'
  | 'startTwoFactor'
  | 'confirmTwoFactor'
  | 'stopTwoFactor'
>;

/** Whoever knocks often must not fill the memory. */
const hashesAtOnce = 2;

/** How people prove who they are, and what they do about that themselves. */
export function signInHandlers({ store, credentials, beginSession, vault, clock, random }: SignInDeps): SignInHandlers {
  const slots = createSlots(hashesAtOnce);
  const throttled = createThrottle(store);
  const digestOfPassword = (password: string) => slots.run(() => credentials.digestOfPassword(password));
  const isPasswordOf = (digest: string | null, password: string) =>
    slots.run(() => credentials.isPasswordOf(digest, password));

  const begin = async (context: RequestContext, person: PersonRecord): Promise<void> =>
    context.giveSession(await beginSession(person.id, context));

  /** Whoever asks, where that is a person. */
  const ownerOf = async (context: RequestContext): Promise<PersonRecord> => {
    const { kind, id } = principalOf(context);
    const person = kind === 'person' ? await store.people.read(id) : null;
    if (!person)
      throw new ApiError('NOT_FOUND', { message: 'Only people have that. Sign in with POST /api/v1/sessions.' });
    return person;
  };

  const assertFit = (password: string, person: { readonly email: string; readonly name: string }): void => {
    const weakness = credentials.weaknessOf(password, person);
    if (weakness !== null) throw unfit('/password', weakness);
  };

  const fitsCode = async (person: PersonRecord, code: string): Promise<boolean> => {
    if (person.totpSecret === null) return false;
    const secret = vault.open(person.totpSecret, sealedColumns.totpSecret.contextOf(person.id));
    const step = credentials.stepOfCode(secret, code, clock.nowMs());
    return step !== null && store.people.useTotpStep(person.id, step);
  };

  /**
   * The person, once more by the password: a browser that was left open is not enough. Where `code` is given, also by the second
   * factor that counts. Both are one try: a right password must not forgive the wrong codes.
   */
  const ownerAgain = async (
    context: RequestContext,
    { password, pointer, code = null }: Again,
  ): Promise<PersonRecord> => {
    const person = await ownerOf(context);
    let isPasswordRight = false;
    const proven = await throttled({ address: context.address, account: person.email }, async () => {
      isPasswordRight = await isPasswordOf(person.password, password);
      if (!isPasswordRight) return null;
      return code === null || !person.isTotpConfirmed || (await fitsCode(person, code)) ? person : null;
    });
    if (proven !== null) return proven;
    if (isPasswordRight) throw unfit('/code', unfitCode);
    throw unfit(pointer, `${pointer.slice(1)} must be the password that you sign in with.`);
  };

  return {
    async claim(context, { body }) {
      const digest = digestOfSecret(body.token);
      const invited = await throttled({ address: context.address, account: 'claim' }, () =>
        store.people.readInvited(digest),
      );
      if (invited === null) throw new ApiError('UNAUTHORIZED', { message: noInvitation });
      const person = invited.person ?? { email: body.email?.toLowerCase(), name: body.name };
      if (person.email === undefined) throw missing('email');
      if (person.name === undefined) throw missing('name');
      assertFit(body.password, { email: person.email, name: person.name });
      const password = await digestOfPassword(body.password);
      const claimed =
        invited.person === null
          ? await store.people.claimInstallation(digest, {
              id: newId('person', clock, random),
              email: person.email,
              name: person.name,
              role: 'owner',
              workspaces: null,
              password,
            })
          : await store.people.acceptInvitation(digest, password);
      if (claimed === null) throw new ApiError('UNAUTHORIZED', { message: noInvitation });
      await begin(context, claimed);
      return showPerson(claimed);
    },

    async signIn(context, { body }) {
      const email = body.email.toLowerCase();
      const person = await throttled({ address: context.address, account: email }, async () => {
        const found = await store.people.readByEmail(email);
        const isKnown = await isPasswordOf(found?.password ?? null, body.password);
        if (!found || !isKnown || found.disabledAt !== null) return null;
        if (!found.isTotpConfirmed) return found;
        return body.code !== undefined && (await fitsCode(found, body.code)) ? found : null;
      });
      if (person === null) throw new ApiError('UNAUTHORIZED', { message: notThem });
      await begin(context, person);
      return showPerson(person);
    },

    async listSessions(context) {
      const person = await ownerOf(context);
      return { data: (await store.sessions.list(person.id)).map((record) => showSession(record, context.sessionId)) };
    },

    async endSession(context, { params }) {
      const person = await ownerOf(context);
      const id = params.session_id === 'current' ? context.sessionId : params.session_id;
      if (id === null || !(await store.sessions.end(person.id, id)))
        throw new ApiError('NOT_FOUND', { message: 'You have no such session. GET /api/v1/sessions lists them.' });
      if (id === context.sessionId) context.giveSession(null);
      return undefined;
    },

    async getMe(context) {
      const { kind, id, permissions, reach } = principalOf(context);
      const person = kind === 'person' ? await store.people.read(id) : null;
      return {
        kind,
        id,
        permissions: [...permissions],
        workspaces: reach.workspaces === 'all' ? null : [...reach.workspaces],
        person: person && showPerson(person),
      };
    },

    async changePassword(context, { body }) {
      const person = await ownerAgain(context, { password: body.current_password, pointer: '/current_password' });
      assertFit(body.password, person);
      await store.people.setPassword(person.id, await digestOfPassword(body.password), context.sessionId);
      return undefined;
    },

    async startTwoFactor(context, { body }) {
      const person = await ownerAgain(context, byBoth(body));
      const made = credentials.newTwoFactor(person.email);
      await store.people.setTotp(person.id, vault.seal(made.secret, sealedColumns.totpSecret.contextOf(person.id)));
      return made;
    },

    async confirmTwoFactor(context, { body }) {
      const person = await ownerOf(context);
      const confirmed = await throttled({ address: context.address, account: person.email }, async () =>
        (await fitsCode(person, body.code)) ? true : null,
      );
      if (confirmed === null) throw unfit('/code', unfitCode);
      return undefined;
    },

    async stopTwoFactor(context, { body }) {
      const person = await ownerAgain(context, byBoth(body));
      await store.people.setTotp(person.id, null);
      return undefined;
    },
  };
}

interface Again {
  readonly password: string;
  readonly pointer: string;
  /** Null where the second factor is not asked for. */
  readonly code?: string | null;
}

const byBoth = ({ password, code = '' }: { readonly password: string; readonly code?: string | undefined }): Again => ({
  password,
  pointer: '/password',
  code,
});

const unfitCode = 'code must be one that the app shows now, and that was not used before.';

const showSession = (record: SessionRecord, current: string | null): Session => ({
  id: record.id,
  current: record.id === current,
  address: record.address,
  user_agent: record.userAgent,
  created_at: record.createdAt.toISOString(),
  seen_at: record.seenAt.toISOString(),
  ends_at: record.endsAt.toISOString(),
});

const missing = (name: string): ApiError => {
  const message = `${name} must be given by whoever takes the installation up.`;
  return new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: `/${name}`, message }] });
};

const notThem =
  'E-mail address, password or code do not fit. Where the account has a second factor, its code is needed too; each counts once.';
const noInvitation =
  'This token is not known, was used before, or is too old. Ask for another invitation; for the first owner, restart the gateway and take the token from its log.';
