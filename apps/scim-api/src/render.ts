/** A resource as the body of an answer. A group with 100,000 members is written in slices, between which others are served. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import {
  renderSelected,
  renderStored,
  type ResourceTypeName,
  type Selection,
  type StoredForm,
} from '@fresh-scim/scim';

/** Members written in one go: about a millisecond. */
const SLICE = 1_000;

/** The selected part of the resource as JSON text. */
export async function renderResource(
  type: ResourceTypeName,
  stored: StoredForm,
  baseUrl: string,
  selection: Selection,
): Promise<string> {
  const { members = [], ...group } = stored;
  if (members.length <= SLICE) return renderNow(type, stored, baseUrl, selection);
  const parts: string[] = [];
  for (let start = 0; start < members.length; start += SLICE) {
    const slice = { ...group, json: '{}', members: members.slice(start, start + SLICE) };
    const { members: shown = [] } = renderSelected(type, slice, baseUrl, selection);
    const text = JSON.stringify(shown).slice(1, -1);
    if (text !== '') parts.push(text);
    await othersTurn();
  }
  const whole = renderNow(type, group, baseUrl, selection);
  return parts.length === 0 ? whole : `${whole.slice(0, -1)},"members":[${parts.join(',')}]}`;
}

function renderNow(
  type: ResourceTypeName,
  stored: StoredForm,
  baseUrl: string,
  selection: Selection,
): string {
  return selection.kind === 'all'
    ? renderStored(type, stored, baseUrl)
    : JSON.stringify(renderSelected(type, stored, baseUrl, selection));
}
