/**
 * What a person's attributes refer to in Freshservice: department, location, manager and custom fields, resolved to ids
 * and values before anything is planned. What cannot be resolved never blocks the person: it is left as it is, with a
 * note, and the person looks again when what it waits for is there.
 */

import { type Awaited, type AwaitedName, idOf, type Key, type Note, userKey } from '@fresh-scim/directory';
import { toPlaceKey } from '@fresh-scim/freshservice';
import { type Attributes, ENTERPRISE_USER, FRESHSERVICE_USER, type JsonValue } from '@fresh-scim/scim';
import type { Asker } from './catalog-list.ts';
import { createDepartment, findDepartment, findField, findLocation } from './catalogs.ts';
import { listOf } from './mapping/by-element.ts';
import { toCustomDefaults } from './mapping/custom-defaults.ts';
import { toCustomValue } from './mapping/custom-field.ts';
import { CUSTOM } from './mapping/observed.ts';
import { objectIn } from './mapping/target.ts';
import { toText } from './mapping/text.ts';
import type { Run } from './run.ts';
import { needsItMore } from './secondary.ts';

/** What was made of the references of one person. */
export interface References {
  /** Whose fields the custom ones were looked for among. */
  readonly kind: 'requester' | 'agent';
  readonly attributes: Record<string, JsonValue>;
  readonly defaults: Record<string, JsonValue>;
  readonly notes: Note[];
  readonly awaits: Awaited[];
  /** Attributes of which nothing is said: neither set nor cleared. */
  readonly unresolved: Set<string>;
}

/** Managers above a person that are followed when looking for a circle. */
const CHAIN_MAX = 50;
/** The attribute of the freshservice extension that is no custom field. */
const IS_AGENT = 'isagent';

/** Completes the target of the run, once. Asks Freshservice only for lists that are old or lack a name. */
export async function resolveReferences(run: Run): Promise<void> {
  const { resource } = run.lease;
  // Who has no account yet gets one of a requester.
  const kind = run.observed?.kind ?? 'requester';
  if (run.references?.kind === kind || !resource || !run.target.active) return;
  const user = JSON.parse(resource.json) as Attributes; // written by the directory only
  const enterprise = objectIn(user, ENTERPRISE_USER);
  const made: References = {
    kind,
    attributes: {},
    defaults: {},
    notes: [],
    awaits: [],
    unresolved: new Set(),
  };
  await resolveSecondary(run, made);
  await resolveDepartment(run, made, textOf(enterprise['department']));
  await resolveLocation(run, made, textOf(enterprise['_location']));
  await resolveManager(run, made, managerOf(user));
  await resolveCustomFields(run, made, objectIn(user, FRESHSERVICE_USER));
  run.references = made;
  run.target = {
    ...run.target,
    attributes: { ...run.own.attributes, ...made.attributes },
    defaults: made.defaults,
  };
}

/** Lists are read for everybody, so their calls do not count among those of this person. */
const asker = ({ world, lease, signal }: Run): Asker => ({
  world,
  call: { urgency: lease.urgency, signal },
});

async function resolveSecondary(run: Run, made: References): Promise<void> {
  const attribute = 'secondary_emails';
  for (const address of listOf(run.own.attributes[attribute])) {
    const key = typeof address === 'string' ? await needsItMore(run, address) : undefined;
    if (key === undefined) continue;
    made.attributes[attribute] = [];
    made.notes.push({ attribute, reason: 'address-of-somebody-else', waitsFor: key });
    made.awaits.push({ key, changes: await run.world.directory.loadChanges(key) });
  }
}

async function resolveDepartment(run: Run, made: References, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const { settings } = run.world;
  let department = await findDepartment(asker(run), name);
  const isMissing = 'problem' in department && department.problem === 'unknown';
  if (isMissing && settings['departments.create'] && settings.mode === 'apply') {
    department = await createDepartment(asker(run), toOneLine(name));
  }
  if ('problem' in department) {
    const awaited = `department:${toPlaceKey(name)}` as const;
    unknown(made, 'department_ids', `department-${department.problem}`, awaited);
    return;
  }
  const { found } = department;
  if (toPlaceKey(found.name) !== toPlaceKey(name)) {
    made.notes.push({ attribute: 'department_ids', reason: 'department-was-renamed' });
  }
  made.attributes['department_ids'] = [found.id];
}

async function resolveLocation(run: Run, made: References, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const location = await findLocation(asker(run), text);
  if ('found' in location && 'id' in location.found) made.attributes['location_id'] = location.found.id;
  else if ('found' in location) unresolved(made, 'location_id', 'location-ambiguous');
  else unknown(made, 'location_id', `location-${location.problem}`, `location:${toPlaceKey(text)}`);
}

/** The value is the SCIM id that we issued; some mappings send a userName or an address instead. */
async function resolveManager(run: Run, made: References, value: string | undefined): Promise<void> {
  if (value === undefined) return;
  const { directory } = run.world;
  const refuse = (reason: string): void => unresolved(made, 'reporting_manager_id', reason);
  const key = await findManager(run, value);
  if (key === undefined) return refuse('manager-unknown');
  if (key === run.lease.key) return refuse('manager-is-self');
  // Before the look: a change in between is noticed when the wait is registered.
  const changes = await directory.loadChanges(key);
  const circle = await findCircle(run, key);
  if (circle.length > 0) {
    unresolved(made, 'reporting_manager_id', 'manager-circle', key);
    made.awaits.push(...circle);
    return;
  }
  const remoteId = await directory.remoteIdOf(key);
  if (remoteId !== undefined) {
    made.attributes['reporting_manager_id'] = remoteId;
    return;
  }
  unresolved(made, 'reporting_manager_id', 'manager-not-in-freshservice-yet', key);
  made.awaits.push({ key, changes });
}

async function findManager(run: Run, value: string): Promise<Key | undefined> {
  const { directory } = run.world;
  if (await directory.getUser(value)) return userKey(value);
  for (const by of ['userName', 'workEmail'] as const) {
    const [first, second] = await directory.lookupUsers({ by, value });
    if (first && !second) return userKey(first.id);
  }
  return undefined;
}

/**
 * Everybody between the person and the person again, going up: each of them can break the circle. Empty when there is
 * none; a chain that is longer than the bound is taken as it is.
 */
async function findCircle(run: Run, manager: Key): Promise<Awaited[]> {
  const { directory } = run.world;
  const chain: Awaited[] = [];
  let above: Key | undefined = manager;
  while (above !== undefined && chain.length < CHAIN_MAX) {
    if (above === run.lease.key) return chain;
    chain.push({ key: above, changes: await directory.loadChanges(above) });
    const stored = await directory.getUser(idOf(above));
    const next = stored && managerOf(JSON.parse(stored.json) as Attributes);
    above = next === undefined ? undefined : await findManager(run, next);
  }
  return [];
}

async function resolveCustomFields(
  run: Run,
  made: References,
  extension: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  for (const [name, value] of Object.entries(extension)) {
    const text = name.toLowerCase() === IS_AGENT ? undefined : textOf(value, Infinity);
    if (text !== undefined) await resolveCustomField(run, made, made.attributes, name, text);
  }
  for (const [name, text] of toCustomDefaults(run.world.settings['custom.defaults'])) {
    const isNamed = `${CUSTOM}${name}` in made.attributes || made.unresolved.has(`${CUSTOM}${name}`);
    if (!isNamed) await resolveCustomField(run, made, made.defaults, name, text);
  }
}

async function resolveCustomField(
  run: Run,
  made: References,
  into: Record<string, JsonValue>,
  name: string,
  text: string,
): Promise<void> {
  const field = await findField(asker(run), made.kind, name);
  if ('problem' in field) {
    const awaited = made.kind === 'agent' ? 'agentField' : 'field';
    return unknown(made, `${CUSTOM}${name}`, `field-${field.problem}`, `${awaited}:${name.toLowerCase()}`);
  }
  const attribute = `${CUSTOM}${field.found.name}`;
  const read = toCustomValue({ type: field.found.type, choices: field.found.choices }, text);
  if ('problem' in read) return unresolved(made, attribute, read.problem);
  if (read.value !== null) into[attribute] = read.value;
  if (read.cut) made.notes.push({ attribute, reason: 'too-long' });
}

function unresolved(made: References, attribute: string, reason: string, waitsFor?: Key | AwaitedName): void {
  made.unresolved.add(attribute);
  made.notes.push({ attribute, reason, ...(waitsFor === undefined ? {} : { waitsFor }) });
}

/** As {@link unresolved}, until a list has the name. */
function unknown(made: References, attribute: string, reason: string, name: AwaitedName): void {
  unresolved(made, attribute, reason, name);
  made.awaits.push({ key: name, changes: '0' });
}

function managerOf(user: Attributes): string | undefined {
  const { manager } = objectIn(user, ENTERPRISE_USER);
  const isObject = typeof manager === 'object' && manager !== null && !Array.isArray(manager);
  return textOf(isObject ? manager['value'] : manager);
}

/** @param lengthMax longer names and ids mean nothing to Freshservice, and keys are made of them */
function textOf(value: JsonValue | undefined, lengthMax = 255): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value.normalize('NFC').trim() : '';
  if (text === '') return undefined;
  return text.length > lengthMax ? toText(text)?.text : text;
}

const toOneLine = (name: string): string => name.replaceAll(/\s+/g, ' ');
