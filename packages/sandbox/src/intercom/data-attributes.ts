import type { Fields } from '../inbox-server/fields.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { optionalBoolean, optionalList, optionalString, requiredString } from './fields.ts';
import type { Call, Operation } from './operation.ts';
import { IntercomRefusal, invalid } from './refusal.ts';
import type { DataAttribute } from './workspace.ts';

const contactTypes = ['string', 'integer', 'float', 'boolean', 'datetime', 'date', 'options'];
const conversationTypes = ['string', 'integer', 'list', 'decimal', 'boolean', 'datetime', 'relationship', 'files'];

function attributeShape(attribute: DataAttribute) {
  return {
    id: attribute.id,
    type: 'data_attribute',
    name: attribute.name,
    full_name: `custom_attributes.${attribute.name}`,
    label: attribute.name,
    description: attribute.description,
    data_type: attribute.dataType,
    api_writable: true,
    ui_writable: false,
    messenger_writable: attribute.messengerWritable,
    custom: true,
    archived: false,
    created_at: attribute.createdAt,
    updated_at: attribute.createdAt,
    model: attribute.model,
  };
}

function storeAttribute(
  environment: Environment,
  call: Call,
  model: DataAttribute['model'],
  fields: Fields,
): DataAttribute {
  const attribute: DataAttribute = {
    id: Number(environment.ids.next('attribute')),
    name: requiredString(fields, 'name'),
    model,
    dataType: requiredString(fields, 'data_type'),
    description: optionalString(fields, 'description') ?? '',
    messengerWritable: optionalBoolean(fields, 'messenger_writable') ?? false,
    createdAt: nowSeconds(environment),
  };
  call.workspace.attributes.push(attribute);
  environment.context.feed.publish('intercom', 'attribute.created', {
    workspaceId: call.workspace.id,
    model,
    name: attribute.name,
  });
  return attribute;
}

/**
 * Intercom: for an attribute that exists the answer is 400 `parameter_invalid`, "You already have '…' in your … data".
 */
function createAttribute(environment: Environment, call: Call) {
  const { body, workspace } = call;
  const name = requiredString(body, 'name');
  const model = requiredString(body, 'model');
  const dataType = requiredString(body, 'data_type');
  if (model !== 'contact' && model !== 'company') {
    throw invalid('The Data Attribute model field must be either contact or company');
  }
  if (!contactTypes.includes(dataType)) throw invalid("Data Type isn't an option");
  if (dataType === 'options' && optionalList(body, 'options', 1000).length < 2) {
    throw invalid('The Data Attribute options field must have at least two options');
  }
  if (!/^[\p{L}\p{N}\p{Sc}\s_-]+$/u.test(name)) {
    throw invalid(
      'Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens',
    );
  }
  const present = workspace.attributes.find((known) => known.model !== 'conversation' && known.name === name);
  if (present) {
    const label = (of: string) => (of === 'contact' ? 'people' : 'company');
    throw invalid(
      `You already have '${name}' in your ${label(present.model)} data. To save this as new ${label(model)} data, use a different name.`,
    );
  }
  return attributeShape(storeAttribute(environment, call, model, body));
}

function createConversationAttribute(environment: Environment, call: Call) {
  const name = requiredString(call.body, 'name');
  const dataType = requiredString(call.body, 'data_type');
  if (!conversationTypes.includes(dataType)) {
    const allowed = conversationTypes.join(', ');
    throw new IntercomRefusal(
      422,
      'parameter_invalid',
      `data_type '${dataType}' is not valid. Allowed types: ${allowed}`,
    );
  }
  if (call.workspace.attributes.some((known) => known.model === 'conversation' && known.name === name)) {
    throw invalid(`You already have '${name}' in your conversation data`);
  }
  const attribute = storeAttribute(environment, call, 'conversation', call.body);
  return { ...attributeShape(attribute), type: 'conversation_attribute' };
}

export function dataAttributeOperations(environment: Environment): readonly Operation[] {
  const list = (call: Call, models: readonly string[]) => ({
    type: 'list',
    data: call.workspace.attributes.filter((known) => models.includes(known.model)).map(attributeShape),
  });
  return [
    {
      name: 'GET /data_attributes',
      handle(call) {
        const model = call.query['model'];
        if (model === 'conversation') {
          throw new IntercomRefusal(
            422,
            'parameter_invalid',
            'model=conversation is no longer supported. Use GET /conversations/attributes instead',
          );
        }
        return list(call, model === undefined ? ['contact', 'company'] : [model]);
      },
    },
    { name: 'POST /data_attributes', handle: (call) => createAttribute(environment, call) },
    { name: 'GET /conversations/attributes', handle: (call) => list(call, ['conversation']) },
    { name: 'POST /conversations/attributes', handle: (call) => createConversationAttribute(environment, call) },
  ];
}
