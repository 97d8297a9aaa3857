import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { anyShape, type ObjectShape, type Shape } from './shape.ts';
import { createShapeCheck, type Problem } from './shape-check.ts';
import { readDeclarations, type SyntaxNode } from './type-declarations.ts';
import { createTypeShapes, type TypeShapes } from './type-shape.ts';

/** The Bot API as its types describe it. */
export interface BotApi {
  /** The package and its version, for messages. */
  readonly source: string;
  readonly methods: readonly string[];
  /** Undefined where there is no such method. Telegram ignores upper and lower case; the descriptions do not. */
  method(name: string): BotMethod | undefined;
  checkUpdate(update: unknown): readonly Problem[];
  checkError(answer: unknown): readonly Problem[];
}

interface BotMethod {
  /** The shape of one argument; undefined where the method has none of this name. */
  argument(name: string): Shape | undefined;
  checkArguments(given: unknown): readonly Problem[];
  checkResult(result: unknown): readonly Problem[];
}

/** An uploaded file stands for the text that names it. */
const fileShape: Shape = { kind: 'scalar', schema: { type: 'string' } };

/** Reads the types of the Bot API that the gateway is compiled against. */
export function openBotApi(): BotApi {
  const folder = dirname(createRequire(import.meta.url).resolve('@grammyjs/types/package.json'));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  const declarations = readDeclarations(folder);
  const types = createTypeShapes(declarations, { F: fileShape });
  const check = createShapeCheck(types.named);
  const declared: readonly SyntaxNode[] = declarations.get('ApiMethods')?.node.typeAnnotation.members ?? [];
  const signatures = new Map(
    declared.filter(({ type }) => type === 'TSMethodSignature').map((node) => [String(node.key.name), node]),
  );
  const methods = new Map<string, BotMethod>();
  return {
    source: `@grammyjs/types ${version}`,
    methods: [...signatures.keys()],
    method(name) {
      const signature = signatures.get(name);
      if (!signature) return undefined;
      const known = methods.get(name) ?? readMethod(signature, types, check);
      methods.set(name, known);
      return known;
    },
    checkUpdate: (update) => check({ kind: 'named', name: 'Update' }, update),
    checkError: (answer) => check({ kind: 'named', name: 'ApiError' }, answer),
  };
}

const noArguments: ObjectShape = { kind: 'object', fields: new Map(), others: 'none' };

function readMethod(signature: SyntaxNode, types: TypeShapes, check: ReturnType<typeof createShapeCheck>): BotMethod {
  const [parameter] = signature.params;
  const shape = parameter === undefined ? noArguments : types.of(parameter.typeAnnotation.typeAnnotation);
  const result = types.of(signature.returnType.typeAnnotation);
  return {
    argument: (name) => argumentOf(shape, name),
    checkArguments: (given) => check(shape, given),
    checkResult: (value) => check(result, value),
  };
}

function argumentOf(shape: Shape, name: string): Shape | undefined {
  if (shape.kind === 'choice') return shape.shapes.map((one) => argumentOf(one, name)).find((one) => one !== undefined);
  return shape.kind === 'object' ? shape.fields.get(name)?.shape : shape.kind === 'any' ? anyShape : undefined;
}
