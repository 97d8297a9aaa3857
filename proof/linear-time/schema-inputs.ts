/** A value for a JSON schema, with the text in every place where it may be. What it cannot follow gets the text itself. */
export function filledFrom(root: unknown, text: string): unknown {
  return fill(root, root, text, 0);
}

const depthMax = 8;

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

function fill(root: unknown, schema: unknown, text: string, depth: number): unknown {
  if (!isSchema(schema) || depth > depthMax) return text;
  if (typeof schema['$ref'] === 'string') return fill(root, resolved(root, schema['$ref']), text, depth + 1);
  const choices = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(choices)) return fill(root, choices[0], text, depth + 1);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return depth % 2 === 0 ? schema['enum'][0] : text;
  if (schema['type'] === 'array') return [fill(root, schema['items'], text, depth + 1)];
  const { properties } = schema;
  if (isSchema(properties)) {
    const members = Object.entries(properties).map(([name, member]) => [name, fill(root, member, text, depth + 1)]);
    return Object.fromEntries(members);
  }
  return text;
}

const resolved = (root: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (isSchema(at) ? at[name] : undefined), root);
