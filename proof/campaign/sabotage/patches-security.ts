import type { Patch } from './patch.ts';

/** Bugs in what keeps tenants, strangers and secrets apart. */
export const securityPatches: readonly Patch[] = [
  // Secrets go only where they belong.
  {
    name: 'a secret revealed for any address',
    harm: 'a bot token, or the app secret of the operator, goes to a server that it was not given for',
    find: 'if (this.isFor([url])) return hiddenIn(this);',
    replace: 'if (this.isFor([])) return hiddenIn(this);',
    suites: ['ports/secret.test.ts', 'e2e/tenant-attacks.test.ts'],
  },
  {
    name: 'the app secret of the settings used at the server that a request names',
    harm: 'an install at another server uses the app secret of the operator',
    find: 'if (!isAtHome || id === null ||',
    replace: 'if (id === null ||',
    suites: ['e2e/tenant-attacks.test.ts'],
  },
  {
    name: 'any caller may give the URL of a server',
    harm: 'a tenant lets the gateway call a server of its own, as a provider',
    find: 'if (principal === null || !decidesForAll(principal)) {',
    replace: 'if (principal === null) {',
    suites: ['e2e/tenant-attacks.test.ts'],
  },
  {
    name: 'an account identified without the server that vouched for it',
    harm: 'a server that claims an account gets the events and the bots of its real owner',
    find: 'where inbox_kind = $1 and inbox_origin = $2 and inbox_account = $3',
    replace: 'where inbox_kind = $1 and $2::text is not null and inbox_account = $3',
    suites: ['e2e/tenant-attacks.test.ts'],
  },
  {
    name: 'the stored bot token sent to a new server',
    harm: 'a changed api_root or file_root gets the token, which was not in the request',
    find: 'if (bot_token === undefined && !isTokenOfThese) throw',
    replace: 'if (bot_token === null) throw',
    suites: ['e2e/tenant-attacks.test.ts'],
  },
  // One outgoing client with one policy.
  {
    name: 'private addresses called for everybody',
    harm: 'a tenant reads the metadata service and internal servers through the gateway',
    find: 'const isConfigured = policy.isConfigured(origin);',
    replace: 'const isConfigured = origin !== "" || policy.isConfigured(origin);',
    suites: ['http/egress.test.ts', 'e2e/egress.test.ts'],
  },
  {
    name: 'what a name resolves to is not checked',
    harm: 'a name that leads to a private address, or changes to one, opens the internal network',
    find: 'lookup: isConfigured ? lookup : onlyPublic(origin, lookup)',
    replace: 'lookup: isConfigured || onlyPublic(origin, lookup) ? lookup : lookup',
    suites: ['http/egress.test.ts'],
  },
  {
    name: 'a provider is called before the access is checked',
    harm: 'a caller who may not create a workspace makes the gateway call a server before it is refused',
    find: `if (reach === 'installation') assertReachesAll(caller.principal);`,
    replace: '',
    suites: ['http/calls-before-permission.test.ts'],
  },
  // Foreign text is read in linear time.
  {
    name: 'white space at the ends of lines is removed with a regular expression that is tried at each space',
    harm: 'one reply of an agent with many spaces holds the gateway up for every tenant, for seconds or minutes',
    find: '.map((line) => line.trimEnd())',
    replace: ".map((line) => line.replace(/\\s+$/, ''))",
    suites: ['e2e/hostile-text.test.ts'],
  },
  // A job that ends its process is set aside.
  {
    name: 'the starts of a job are not counted',
    harm: 'a job that kills or hangs its process does so again after each restart, and nobody is served',
    find: 'else l.starts + head.unended end',
    replace: 'else 1 end',
    suites: ['engine/lanes/suspect-jobs.test.ts'],
  },
  {
    name: 'a suspect is begun beside other jobs',
    harm: 'jobs that ran in the process by chance are given up with the one that ended it',
    find: 'if (isForSuspect && !inHand.isEmpty()) return null;',
    replace: '',
    suites: ['engine/lanes/suspect-jobs.test.ts'],
  },
  {
    name: 'a backup is written to a file that is there already',
    harm: 'another account of the machine reads every conversation',
    find: "const onlyNew = 'ax';",
    replace: "const onlyNew = 'a';",
    suites: ['data-folder/create-file.test.ts'],
  },
  // No work before proof.
  {
    name: 'bodies of strangers kept in memory without a limit',
    harm: 'a thousand connections without a credential fill the memory, and the others wait',
    find: `if (isTooMuch || !makeRoom(bytes, after)) {`,
    replace: `if (bytes < 0) {`,
    suites: ['http/bodies.test.ts'],
  },
  {
    name: 'calls that nobody verified spooled beside signed ones',
    harm: 'unsigned calls fill the disk while the database is away, and the replies of agents get lost',
    find: `if (judged === 'forged') return 'forged';
  return judged === 'signed' ? spoolCall(deps, call, outcome.cause) : spoolUnverified(deps, call);`,
    replace: `return spoolCall(deps, call, outcome.cause);`,
    suites: ['e2e/spool.test.ts'],
  },
  {
    name: 'every unknown credential looked up in the database',
    harm: 'guesses of one network keep the database busy for all tenants',
    find: `tried.waitMs > 0 && !(await isLive(name))`,
    replace: `tried.waitMs < 0`,
    suites: ['http/guesses.test.ts'],
  },
  // Sign-in that strangers cannot block.
  {
    name: 'wrong codes after a right password not limited',
    harm: 'a caller who knows a password guesses the second factor from ever new networks',
    find: "if (!(await store.secondFactors.takeTry({ bucket, personId: person.id, network }))) return 'locked';",
    replace: 'await store.secondFactors.takeTry({ bucket, personId: person.id, network });',
    suites: ['people/second-factor-guessing.test.ts'],
  },
  {
    name: 'device cookie accepted after the password changed',
    harm: 'a browser that was taken away from a person stays known for ever',
    find: 'person?.email === email && person.deviceVersion === device.version',
    replace: 'person?.email === email',
    suites: ['people/known-browser.test.ts'],
  },
  {
    name: 'failures of strangers counted for known browsers',
    harm: 'a stranger behind the same proxy locks everybody out',
    find: `if (door.kind === 'known') return [{`,
    replace: `if (door.kind !== 'known' && door.kind !== 'stranger') return [{`,
    suites: ['people/known-browser.test.ts'],
  },
  {
    name: 'address of an undeclared proxy counted as one caller',
    harm: 'twenty wrong sign-ins of one caller lock out everybody behind the proxy',
    find: 'return door.sharesAddress ?',
    replace: 'return !door ?',
    suites: ['people/undeclared-proxy.test.ts'],
  },
  {
    name: 'old second factor ended when a new one is begun',
    harm: 'a person who does not finish the replacement has no second factor',
    find: 'update people set pending_totp_secret = $2, pending_totp_at = now() where id = $1',
    replace:
      'update people set pending_totp_secret = $2, pending_totp_at = now(), totp_confirmed_at = null where id = $1',
    suites: ['people/two-factor.test.ts'],
  },
  {
    name: 'account linked with an identity without its password',
    harm: 'a person who controls the address at the provider takes over the account',
    find: 'await deps.throttle(door, () => provePerson(deps, door, person, proof))',
    replace: 'await deps.throttle(door, async () => proof && person)',
    suites: ['e2e/provider-sign-in.test.ts'],
  },
  {
    name: 'admins manage other admins',
    harm: "an admin resets another admin's password and acts in that name",
    find: "admin: ['member', 'read-only'],",
    replace: "admin: ['admin', 'member', 'read-only'],",
    suites: ['people/who-manages-whom.test.ts'],
  },
  {
    name: "first owner's token written to the log",
    harm: 'a reader of the log becomes the owner of a new gateway',
    find: 'claimTokenIn: deps.claimFile.path,',
    replace: 'claimTokenIn: token,',
    suites: ['people/first-owner.test.ts'],
  },
  // Erased means erased, and nobody gives more than they have.
  {
    name: 'answer with a secret stored for its Idempotency-Key',
    harm: 'the database keeps the secret of a key for three days, also after the key was deleted',
    find: `spec.repetition === 'answer' ? vault.seal`,
    replace: `spec.repetition !== undefined ? vault.seal`,
    suites: ['operations/run-once.test.ts'],
  },
  {
    name: 'key of a request released after an unclear failure',
    harm: 'the repetition of the request makes a second workspace or key',
    find: 'if (wasRefused(cause)) await',
    replace: 'if (wasRefused(cause) || true) await',
    suites: ['operations/run-once.test.ts'],
  },
  {
    name: 'damaged file of the journal kept after an erasure',
    harm: 'what an erased customer wrote stays on the disk',
    find: 'const isErased = isDamaged && erasedAtMs !== null',
    replace: 'const isErased = isDamaged && erasedAtMs === 0 && erasedAtMs !== null',
    suites: ['journal/set-aside-files.test.ts', 'e2e/erasure-everywhere.test.ts'],
  },
  {
    name: 'author of a quote not stored',
    harm: 'words of an erased customer stay in the answers of others',
    find: 'return authorId === null ? {} : { authorId };',
    replace: 'return authorId === null ? {} : {};',
    suites: ['e2e/erasure-everywhere.test.ts'],
  },
  {
    name: 'new key not compared with its giver',
    harm: 'a key with a network, an end and no right to send makes one without any of these',
    find: 'assertGrant(own, grantOfKey({ ...row, retiresAt: null }));',
    replace: 'grantOfKey({ ...row, retiresAt: null });',
    suites: ['operations/no-escalation.test.ts'],
  },
  {
    name: 'management requests in the order of their arrival',
    harm: 'one tenant with many requests delays all others',
    find: 'tenants.delete(name); tenants.set(name, tenant); return begin;',
    replace: 'return begin;',
    suites: ['http/fair-queue.test.ts'],
  },
  // The audit log is evidence.
  {
    name: 'the digests of the audit log need no key',
    harm: 'who can write to the database makes the whole audit log again, and the verification finds nothing',
    find: `createHmac('sha256', chain.key)`,
    replace: `createHash('sha256')`,
    in: 'store/audit-chain.ts',
    suites: ['audit-attacks.test.ts'],
  },
  {
    name: 'the verification does not look for the recorded heads',
    harm: 'entries that were cut off at the end of the audit log are missed',
    find: 'const recorded = await recordedHeads();',
    replace: 'const recorded = (await recordedHeads()).slice(0, 0);',
    suites: ['audit-attacks.test.ts'],
  },
  {
    name: 'a pooler in transaction mode is accepted',
    harm: 'row-level security shows the gateway nothing, and an erasure erases nothing',
    find: 'if (rows[0]?.token !== token) return false;',
    replace: 'if (rows[0] === undefined) return false;',
    suites: ['refuse-transaction-pooler.test.ts'],
  },
  // Marks that nobody can forge.
  {
    name: 'the sign of marks left in a customer’s text',
    harm: 'a customer writes what looks like the gateway’s own words about a message',
    find: 'return withoutMarkSign(plainOf(block));',
    replace: 'return plainOf(block);',
    suites: ['telegram/unforgeable-marks.property.test.ts'],
  },
];
