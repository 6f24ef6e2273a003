// The set of a group's members, as a store would keep it, in its plainest form.

import { matchesMember } from '../members.ts';
import type { MemberChange } from '../patch/member-changes.ts';

/** The ids after the changes. To a filter every member is a User. */
export function changedMembers(ids: readonly string[], changes: readonly MemberChange[]): string[] {
  const members = new Set(ids);
  for (const change of changes) {
    if ('where' in change) {
      [...members]
        .filter((id) => matchesMember(change.where, { id, type: 'User' }))
        .forEach((id) => members.delete(id));
    } else if (change.op === 'remove') {
      change.ids.forEach((id) => members.delete(id));
    } else {
      if (change.op === 'replace') {
        members.clear();
      }
      change.ids.forEach((id) => members.add(id));
    }
  }
  return [...members];
}
