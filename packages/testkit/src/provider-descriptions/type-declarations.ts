import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A node of a syntax tree; its fields depend on its type. */
// biome-ignore lint/suspicious/noExplicitAny: the tree is data of a parser, and every reader checks the type of a node.
export type SyntaxNode = any;

/** What a name stands for. */
export interface Declaration {
  /** An interface, a type alias, or a variable. */
  readonly node: SyntaxNode;
  /** The namespace around it; empty outside of namespaces. */
  readonly scope: string;
}

/** Declarations by their name; names in a namespace are `Namespace.Name`. */
export type Declarations = ReadonlyMap<string, Declaration>;

/** Reads the declaration files of a folder. Names are unique in it, as the package re-exports all of them. */
export function readDeclarations(folder: string): Declarations {
  const declarations = new Map<string, Declaration>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.d.ts')) continue;
    const { program, errors } = parseSync(file, readFileSync(join(folder, file), 'utf8'));
    const [error] = errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    addAll(declarations, program.body, '');
  }
  return declarations;
}

function addAll(declarations: Map<string, Declaration>, statements: readonly SyntaxNode[], scope: string): void {
  for (const statement of statements) {
    const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (node?.type === 'TSModuleDeclaration') addAll(declarations, node.body.body, node.id.name);
    else if (node?.type === 'TSInterfaceDeclaration' || node?.type === 'TSTypeAliasDeclaration')
      declarations.set(scope === '' ? node.id.name : `${scope}.${node.id.name}`, { node, scope });
  }
}

/** The declaration of a name that is used in a scope. */
export const findDeclaration = (declarations: Declarations, name: string, scope: string): Declaration | undefined =>
  declarations.get(`${scope}.${name}`) ?? declarations.get(name);
