/** Prints TypeScript from JSON Schema. Supports the part of JSON Schema that the contract uses, and throws for the rest. */

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const schemasIn = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

const pad = (depth: number): string => '  '.repeat(depth);

const comment = (text: unknown, depth: number): string =>
  typeof text === 'string' ? `${pad(depth)}/** ${text.replaceAll('*/', '*\\/')} */\n` : '';

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value);

const printKey = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key));

const union = (members: readonly string[]): string => [...new Set(members)].join(' | ');

/** Exactly one of these fields must be there: `oneOf` with a required field each. */
const exclusiveFields = (schema: Schema): readonly string[] =>
  schema['type'] === 'object'
    ? schemasIn(schema['oneOf']).flatMap(({ required }) => (Array.isArray(required) ? required.map(String) : []))
    : [];

/** One object type for each of the exclusive fields: it has that field, and none of the others. */
const printVariants = (schema: Schema, depth: number): string => {
  const exclusive = exclusiveFields(schema);
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const variants = exclusive.map((field) => {
    const kept = Object.entries(properties).filter(([key]) => key === field || !exclusive.includes(key));
    const members = printMembers({ properties: Object.fromEntries(kept), required: [...required, field] }, depth + 1);
    const absent = exclusive
      .filter((other) => other !== field)
      .map((other) => `${pad(depth + 1)}readonly ${printKey(other)}?: undefined;\n`)
      .join('');
    return `{\n${members}${absent}${pad(depth)}}`;
  });
  return union(variants);
};

/** Prints the members of an object schema, one on each line. */
const printMembers = (schema: Schema, depth: number): string => {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  let out = '';
  for (const [key, property] of Object.entries(properties)) {
    if (!isSchema(property)) throw new Error(`The property ${key} has no schema.`);
    const optional = !required.includes(key);
    const type = printType(property, depth);
    out += comment(property['description'], depth);
    out += `${pad(depth)}readonly ${printKey(key)}${optional ? '?' : ''}: ${type}${optional ? ' | undefined' : ''};\n`;
  }
  return out;
};

/** Prints the type of a schema as an expression. */
export const printType = (schema: Schema, depth: number): string => {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return reference.slice(reference.lastIndexOf('/') + 1);
  if ('const' in schema) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal));
  if (exclusiveFields(schema).length > 0) return printVariants(schema, depth);
  const members = schemasIn(schema['anyOf'] ?? schema['oneOf']);
  if (members.length > 0) return union(members.map((member) => printType(member, depth)));
  if (Array.isArray(schema['type'])) return union(schema['type'].map((type) => printType({ ...schema, type }, depth)));
  switch (schema['type']) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array': {
      const items = schema['items'];
      if (!isSchema(items)) throw new Error('An array without the schema of its entries cannot be printed.');
      return `readonly (${printType(items, depth)})[]`.replace(/\((\w+)\)/, '$1');
    }
    case 'object': {
      const values = schema['additionalProperties'];
      if (isSchema(values)) return `Readonly<Record<string, ${printType(values, depth)}>>`;
      const body = printMembers(schema, depth + 1);
      return body === '' ? 'Readonly<Record<string, never>>' : `{\n${body}${pad(depth)}}`;
    }
    default:
      // A schema without a type permits any JSON value.
      if (Object.keys(schema).every((name) => name === 'description')) return 'unknown';
      throw new Error(`No type can be printed for ${JSON.stringify(schema)}.`);
  }
};

/** Prints the declaration of a named schema. */
export const printDeclaration = (name: string, schema: Schema): string => {
  const head = comment(schema['description'], 0);
  const isPlain = schema['type'] === 'object' && exclusiveFields(schema).length === 0;
  const members = isPlain ? printMembers(schema, 1) : '';
  return members === ''
    ? `${head}export type ${name} = ${printType(schema, 0)};\n`
    : `${head}export interface ${name} {\n${members}}\n`;
};
