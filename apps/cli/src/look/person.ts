// One person's story in words: what Entra wants, what Freshservice showed, what it waits for, and what to do.
import type { PersonStory } from '@fresh-scim/directory';
import { isActive, userNameOf } from '@fresh-scim/scim';
import type { Attributes } from '@fresh-scim/scim';
import { toTime, toUntil } from '../words/time.ts';
import { toSentence } from '../words/timeline.ts';
import { reasonOf } from '../words/why.ts';

const TIMELINE_LINES = 30;

/** What Entra wants of a person, whether there or deleted. */
export interface Wanted {
  readonly name: string;
  readonly userName: string;
  readonly isDeleted: boolean;
  readonly active: boolean;
}

/** The attributes of a living resource. */
function attributesOf(story: PersonStory): Attributes | undefined {
  return story.resource === undefined ? undefined : (JSON.parse(story.resource.json) as Attributes);
}

/** The name and state that Entra wants. */
export function wantedOf(story: PersonStory): Wanted {
  const attributes = attributesOf(story);
  if (attributes === undefined) {
    const { displayName, userName = story.key } = story.tombstone ?? {};
    return { name: displayName ?? userName, userName, isDeleted: true, active: false };
  }
  const displayName = attributes['displayName'];
  const userName = userNameOf(attributes);
  return {
    name: typeof displayName === 'string' ? displayName : userName,
    userName,
    isDeleted: false,
    active: isActive(attributes),
  };
}

/** One line that answers "why does this person still have access?". */
export function verdictOf(story: PersonStory, now: number): string {
  const wanted = wantedOf(story);
  const goal = wanted.active ? 'active' : 'no access';
  const { observed, state } = story;
  const shown = showsOf(observed);
  if (!story.managed) {
    return `Unmanaged: the import has found this account (${shown} in Freshservice), and Entra has not written to it.`;
  }
  switch (state) {
    case 'clean':
      return wanted.active === (observed?.active ?? false)
        ? `In step: Entra wants ${goal}, Freshservice shows ${shown}.`
        : `Settled: Entra wants ${goal}, Freshservice shows ${shown}; an operator rejected the change, or there is no account.`;
    case 'dirty':
      return `On its way: Entra wants ${goal}, Freshservice shows ${shown}; it is next in line.`;
    case 'deferred':
      return `Being retried (${toUntil(story.dueAt ?? now, now)}): ${reasonOf(story.why).meaning}.`;
    case 'parked':
      return `Put aside: ${reasonOf(story.why).meaning}. It is looked at again ${toUntil(story.dueAt ?? now, now)}.`;
    case 'held':
      return `Held: ${reasonOf(story.why ?? 'brake').meaning}.`;
    default:
      return state satisfies never;
  }
}

/** What an operator can do now. */
export function adviceOf(story: PersonStory): string {
  if (story.state === 'clean') {
    return story.notes.length === 0 ? 'Nothing.' : 'Look at the notes: something was left out.';
  }
  if (story.state === 'dirty') return 'Nothing: wait a moment, and look at "status" if it lasts.';
  return reasonOf(story.state === 'held' ? 'brake' : story.why).advice;
}

const goalOf = ({ isDeleted, active }: Wanted): string =>
  isDeleted ? 'deleted' : active ? 'active' : 'disabled';

/** The whole story for a terminal. */
export function toStoryText(story: PersonStory, now: number): string {
  const wanted = wantedOf(story);
  const { observed, intent } = story;
  const lines = [
    `${wanted.name} <${wanted.userName}>  ${story.key}`,
    '',
    verdictOf(story, now),
    `What to do: ${adviceOf(story)}`,
    '',
    `Entra wants:        ${story.managed ? `${goalOf(wanted)} (change ${story.generation})` : 'nothing so far'}`,
    `Freshservice shows: ${showsOf(observed)}${observed === undefined ? '' : `, seen ${toTime(observed.readAt)}`}`,
    ...(intent === undefined
      ? []
      : [`Under way:          ${intent.step}, sent ${toTime(intent.startedAt)}, not known yet how it ended`]),
    ...(story.failures > 0 ? [`Failed tries:       ${story.failures}`] : []),
    ...story.notes.map(
      ({ attribute, reason, waitsFor }) =>
        `Note:               ${attribute}: ${reason}${waitsFor === undefined ? '' : `, waits for ${waitsFor}`}`,
    ),
    '',
    'What happened (newest first):',
    ...story.timeline.slice(0, TIMELINE_LINES).map((entry) => `  ${toTime(entry.at)}  ${toSentence(entry)}`),
    ...(story.timeline.length > TIMELINE_LINES
      ? [`  and ${story.timeline.length - TIMELINE_LINES} older lines (--json shows all)`]
      : []),
  ];
  return lines.join('\n');
}

/** The whole story for a program. */
export function toStoryDocument(story: PersonStory, now: number): object {
  const { key, state, urgency, generation, failures, why, dueAt, observed, intent, notes, timeline } = story;
  const { name, userName, isDeleted, active } = wantedOf(story);
  return {
    key,
    name,
    userName,
    state,
    urgency,
    why,
    summary: verdictOf(story, now),
    advice: adviceOf(story),
    dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
    managed: story.managed,
    generation,
    failures,
    wanted: { deleted: isDeleted, active, attributes: attributesOf(story) ?? null },
    observed:
      observed === undefined
        ? null
        : {
            remoteId: observed.remoteId ?? null,
            kind: observed.kind ?? null,
            active: observed.active ?? null,
            readAt: new Date(observed.readAt).toISOString(),
            attributes: observed.values,
          },
    intent:
      intent === undefined
        ? null
        : { step: intent.step, startedAt: new Date(intent.startedAt).toISOString() },
    notes,
    timeline: timeline.map((entry) => ({
      ...entry,
      at: new Date(entry.at).toISOString(),
      text: toSentence(entry),
    })),
  };
}

function showsOf(observed: PersonStory['observed']): string {
  if (observed?.remoteId === undefined) return 'no account';
  const { kind = 'account', remoteId, active } = observed;
  return `${kind} ${remoteId}, ${active === true ? 'active' : 'inactive'}`;
}
