import { optionalFlag, text } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import { conflict, invalid, notFound } from './refusal.ts';

const basePath = '/crm/properties/{version}/contacts';

const propertyShape = (property: { readonly name: string; readonly unique: boolean; readonly type: string }) => ({
  name: property.name,
  label: property.name,
  type: property.type,
  fieldType: 'text',
  description: '',
  groupName: 'contactinformation',
  options: [],
  hasUniqueValue: property.unique,
  archived: false,
});

function createProperty({ portal, body }: Call) {
  const name = text(body, 'name');
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) throw invalid(`Property name '${name}' is not valid`);
  if (portal.properties.has(name)) throw conflict(`A property named '${name}' already exists.`);
  const property = { name, unique: optionalFlag(body, 'hasUniqueValue') ?? false, type: text(body, 'type') };
  portal.properties.set(name, property);
  return propertyShape(property);
}

/** The contact properties: the fields of contacts, and which of them are unique. */
export const propertyOperations: readonly Operation[] = [
  {
    name: `GET ${basePath}`,
    handle: ({ portal }) => ({ results: [...portal.properties.values()].map(propertyShape) }),
  },
  {
    name: `GET ${basePath}/{propertyName}`,
    handle({ portal, params }) {
      const property = portal.properties.get(params['propertyName'] ?? '');
      if (!property) throw notFound('Property');
      return propertyShape(property);
    },
  },
  { name: `POST ${basePath}`, status: 201, handle: createProperty },
];
