// What a removal does to the records that referred to it: nobody is left with an id that is gone.
import type { Account } from './account.ts';
import type { CustomField } from './custom-field.ts';
import type { User } from './user.ts';

/** Removes a department; its people lose the link. */
export function removeDepartment(account: Account, id: number): void {
  for (const user of account.users.all('everyone')) {
    if (!user.department_ids.includes(id)) continue;
    account.save({ ...user, department_ids: user.department_ids.filter((other) => other !== id) });
  }
  account.departments.remove(id);
}

/** Removes a location; its people lose the link, and the locations below it become roots. */
export function removeLocation(account: Account, id: number): void {
  for (const user of account.users.all('everyone')) {
    if (user.location_id === id) account.save({ ...user, location_id: null });
  }
  for (const location of account.locations.all()) {
    if (location.parent_location_id === id) account.locations.save({ ...location, parent_location_id: null });
  }
  account.locations.remove(id);
}

/** Removes a custom field with everybody's value of it. */
export function removeField(account: Account, field: CustomField): void {
  rewriteValues(account, field.name, () => ({}));
  account.fields.remove(field.id);
}

/** Stores a changed field. Under another name everybody's value of it moves along. */
export function saveField(account: Account, previous: CustomField, next: CustomField): CustomField {
  const { record } = account.fields.save(next);
  if (previous.name !== next.name) {
    rewriteValues(account, previous.name, (value) => ({ [next.name]: value }));
  }
  return record;
}

/** Removes a person for good, also as the manager of others and from posts in departments and locations. */
export function forgetPerson(account: Account, id: number): void {
  for (const user of account.users.all('everyone')) {
    if (user.reporting_manager_id === id) account.save({ ...user, reporting_manager_id: null });
  }
  for (const location of account.locations.all()) {
    if (location.primary_contact_id === id) account.locations.save({ ...location, primary_contact_id: null });
  }
  leavePosts(account, id);
  account.forget(id);
}

/** Takes a person out of the posts of departments, as the deactivation of an agent does. */
export function leavePosts(account: Account, id: number): void {
  for (const department of account.departments.all()) {
    const isHead = department.head_user_id === id;
    const isPrime = department.prime_user_id === id;
    if (!isHead && !isPrime) continue;
    account.departments.save({
      ...department,
      ...(isHead ? { head_user_id: null } : {}),
      ...(isPrime ? { prime_user_id: null } : {}),
    });
  }
}

type FieldValue = User['custom_fields'][string];

function rewriteValues(
  account: Account,
  name: string,
  replace: (value: FieldValue) => User['custom_fields'],
): void {
  for (const user of account.users.all('everyone')) {
    const { [name]: value, ...others } = user.custom_fields;
    if (value !== undefined) account.save({ ...user, custom_fields: { ...others, ...replace(value) } });
  }
}
