import type { Operation } from './operation.ts';
import { IntercomRefusal } from './refusal.ts';
import type { Admin, Workspace } from './workspace.ts';

function adminShape(admin: Admin) {
  return {
    type: 'admin',
    id: admin.id,
    name: admin.name,
    email: admin.email,
    away_mode_enabled: false,
    away_mode_reassign: false,
    has_inbox_seat: !admin.operator,
    team_ids: [],
  };
}

/** The admin that owns the access token: the first one of the workspace. */
function tokenOwner(workspace: Workspace): Admin {
  const owner = workspace.admins.find((admin) => !admin.operator);
  if (!owner) throw new Error(`workspace ${workspace.id} has no admin`);
  return owner;
}

export const adminOperations: readonly Operation[] = [
  {
    name: 'GET /me',
    handle({ workspace }) {
      const owner = tokenOwner(workspace);
      return {
        type: 'admin',
        id: owner.id,
        name: owner.name,
        email: owner.email,
        email_verified: true,
        has_inbox_seat: true,
        avatar: { type: 'avatar', image_url: null },
        app: {
          type: 'app',
          id_code: workspace.id,
          name: workspace.name,
          created_at: workspace.createdAt,
          identity_verification: false,
          timezone: 'UTC',
          region: workspace.region.toUpperCase(),
        },
      };
    },
  },
  {
    name: 'GET /admins',
    handle: ({ workspace }) => ({ type: 'admin.list', admins: workspace.admins.map(adminShape) }),
  },
  {
    name: 'GET /admins/{id}',
    handle({ workspace, params }) {
      const admin = workspace.admins.find((candidate) => candidate.id === params['id']);
      if (!admin) throw new IntercomRefusal(404, 'admin_not_found', 'Admin not found');
      return adminShape(admin);
    },
  },
  {
    name: 'GET /teams',
    handle: ({ workspace }) => ({
      type: 'team.list',
      teams: workspace.teams.map((team) => ({ type: 'team', id: team.id, name: team.name, admin_ids: [] })),
    }),
  },
];
