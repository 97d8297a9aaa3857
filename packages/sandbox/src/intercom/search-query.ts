import { type Fields, isFields } from '../inbox-server/fields.ts';
import { optionalFields, optionalInteger, optionalString, requiredFields } from './fields.ts';
import { IntercomRefusal, invalid } from './refusal.ts';

/** The values of a field of a record; undefined where the field does not exist. */
export type FieldReader<Item> = (item: Item, field: string) => readonly unknown[] | undefined;
export type Matcher<Item> = (item: Item) => boolean;

const operators = ['=', '!=', 'IN', 'NIN', '<', '<=', '>', '>=', '~', '!~', '^', '$'];

/** Reads a search query: one filter, or `{operator: AND|OR, value: [filter, …]}`. */
export function parseQuery<Item>(
  query: Fields,
  read: FieldReader<Item>,
  isField: (field: string) => boolean,
): Matcher<Item> {
  const operator = optionalString(query, 'operator');
  if (operator === 'AND' || operator === 'OR') {
    const list = query['value'];
    if (!Array.isArray(list) || list.length === 0) throw invalid('value must be a list of filters');
    const matchers = list.map((filter) => {
      if (!isFields(filter)) throw invalid('value must be a list of filters');
      return parseQuery(filter, read, isField);
    });
    return operator === 'AND'
      ? (item) => matchers.every((matches) => matches(item))
      : (item) => matchers.some((matches) => matches(item));
  }
  const field = optionalString(query, 'field');
  if (field === undefined) throw invalid('field is required');
  if (!isField(field)) throw new IntercomRefusal(400, 'invalid_field', `Invalid field: ${field}`);
  if (operator === undefined || !operators.includes(operator)) {
    throw new IntercomRefusal(400, 'invalid_operator', `Invalid operator for ${field}: ${operator}`);
  }
  const wanted = query['value'];
  return (item) => compare(operator, read(item, field) ?? [null], wanted);
}

function compare(operator: string, values: readonly unknown[], wanted: unknown): boolean {
  const same = (value: unknown, other: unknown) =>
    value === other || (value !== null && other !== null && String(value) === String(other));
  const some = (test: (value: unknown) => boolean) => values.some(test);
  const textual = (test: (text: string, part: string) => boolean) =>
    some((value) => typeof value === 'string' && test(value.toLowerCase(), String(wanted).toLowerCase()));
  switch (operator) {
    case '=':
      return some((value) => same(value, wanted));
    case '!=':
      return !some((value) => same(value, wanted));
    case 'IN':
      return Array.isArray(wanted) && wanted.some((one) => some((value) => same(value, one)));
    case 'NIN':
      return Array.isArray(wanted) && !wanted.some((one) => some((value) => same(value, one)));
    case '<':
      return some((value) => value !== null && Number(value) < Number(wanted));
    case '<=':
      return some((value) => value !== null && Number(value) <= Number(wanted));
    case '>':
      return some((value) => value !== null && Number(value) > Number(wanted));
    case '>=':
      return some((value) => value !== null && Number(value) >= Number(wanted));
    case '~':
      return textual((text, part) => text.includes(part));
    case '!~':
      return !textual((text, part) => text.includes(part));
    case '^':
      return textual((text, part) => text.startsWith(part));
    default:
      return textual((text, part) => text.endsWith(part));
  }
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly pages: Readonly<Record<string, unknown>>;
  readonly total: number;
}

/** Cursor paging. Intercom: `pagination: {per_page (at most 150), starting_after}`. */
export function pageOfResults<Item>(all: readonly Item[], body: Fields, perPageDefault: number): Page<Item> {
  const pagination = optionalFields(body, 'pagination') ?? {};
  const perPage = optionalInteger(pagination, 'per_page') ?? perPageDefault;
  if (perPage < 1 || perPage > 150) throw invalid('per_page must be between 1 and 150');
  const cursor = optionalString(pagination, 'starting_after');
  const start = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Number.isInteger(start) || start < 0) throw invalid('starting_after is not a cursor');
  const end = start + perPage;
  const page = Math.floor(start / perPage) + 1;
  const next =
    end < all.length
      ? { next: { per_page: perPage, starting_after: Buffer.from(String(end)).toString('base64url') } }
      : {};
  return {
    items: all.slice(start, end),
    pages: { type: 'pages', page, per_page: perPage, total_pages: Math.ceil(all.length / perPage), ...next },
    total: all.length,
  };
}

/** Intercom: `sort: {field, order}`; for an unknown order the answer is 400 `invalid_sort_order`. */
export function sortOrder(body: Fields): { readonly field: string; readonly descending: boolean } {
  const sort = optionalFields(body, 'sort') ?? {};
  const order = optionalString(sort, 'order') ?? 'descending';
  if (order !== 'ascending' && order !== 'descending') {
    throw new IntercomRefusal(
      400,
      'invalid_sort_order',
      `Invalid sort order '${order}'. Must be one of: ascending, descending`,
    );
  }
  return { field: optionalString(sort, 'field') ?? 'updated_at', descending: order === 'descending' };
}

export function requiredQuery(body: Fields): Fields {
  return requiredFields(body, 'query');
}
