import { contactShape } from './contact-shape.ts';
import { liveContact } from './contacts.ts';
import { type Environment, nowSeconds } from './environment.ts';
import { requiredString } from './fields.ts';
import type { Operation } from './operation.ts';
import { IntercomRefusal, invalid } from './refusal.ts';
import type { Contact, Workspace } from './workspace.ts';

/** Merges a lead into a user: its conversations move to the user, and its id refers to the user afterwards. */
export function mergeContacts(environment: Environment, workspace: Workspace, from: Contact, into: Contact): void {
  for (const conversation of workspace.conversations.values()) {
    if (conversation.contactId === from.id) conversation.contactId = into.id;
  }
  into.merges.push({ contactId: from.id, role: from.role, mergedAt: nowSeconds(environment) });
  into.customAttributes = { ...from.customAttributes, ...into.customAttributes };
  into.updatedAt = nowSeconds(environment);
  from.state = { kind: 'merged', into: into.id };
  environment.context.feed.publish('intercom', 'contact.merged', {
    workspaceId: workspace.id,
    contactId: from.id,
    intoContactId: into.id,
  });
  void environment.webhooks.deliver(workspace, 'contact.merged', contactShape(workspace, into));
}

/** Intercom: only a lead can be merged into a user; from 2.16 on only if both have the same e-mail or phone. */
export function contactMergeOperations(environment: Environment): readonly Operation[] {
  return [
    {
      name: 'POST /contacts/merge',
      subject: (body) => body['from'],
      handle(call) {
        const from = liveContact(call, requiredString(call.body, 'from'));
        const into = liveContact(call, requiredString(call.body, 'into'));
        if (from.role !== 'lead' || into.role !== 'user') throw invalid('Only a lead can be merged into a user');
        const duplicates =
          (from.email !== null && from.email === into.email) || (from.phone !== null && from.phone === into.phone);
        const checked = call.minorVersion >= 16 && call.body['skip_duplicate_validation'] !== true;
        if (checked && !duplicates) {
          throw new IntercomRefusal(
            400,
            'invalid_merge',
            'Contacts can only be merged when they are duplicates (matching email or phone). Pass skip_duplicate_validation=true to override this check.',
          );
        }
        mergeContacts(environment, call.workspace, from, into);
        return contactShape(call.workspace, into);
      },
    },
  ];
}
