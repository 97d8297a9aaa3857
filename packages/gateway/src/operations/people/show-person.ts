import type { Person } from '@chatferry/contract';
import type { PersonRecord } from '../../store/people.ts';

export const showPerson = (record: PersonRecord): Person => ({
  id: record.id,
  email: record.email,
  name: record.name,
  role: record.role,
  workspaces: record.workspaces === null ? null : [...record.workspaces],
  state: record.disabledAt !== null ? 'disabled' : record.password === null && !record.isLinked ? 'invited' : 'active',
  two_factor: record.isTotpConfirmed,
  created_at: record.createdAt.toISOString(),
});
