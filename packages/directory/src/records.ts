/** What the directory keeps beside a resource, as it is stored: one parser per record, no other file decodes them. */

import { z } from 'zod';

/** The last look at a Freshservice account. The directory stores it and knows no more than its remote id. */
const observedSchema = z.object({
  /** Absent while no account is bound; the addresses sent so far are remembered all the same. */
  remoteId: z.number().int().positive().optional(),
  kind: z.enum(['requester', 'agent']).optional(),
  active: z.boolean().optional(),
  /** When Freshservice showed this, ms by the clock of Redis. */
  readAt: z.number(),
  /** Attributes under their Freshservice names. */
  values: z.record(z.string(), z.json()),
  /** Per attribute: what was sent and what Freshservice answered to exactly that, where the two differ. */
  echoes: z.record(z.string(), z.object({ sent: z.json(), got: z.json() })),
  /** Every address that was ever sent to Freshservice for this person, in lower case. */
  sentAddresses: z.array(z.string()),
  /** Attributes that Entra has sent for this person: ours to change and to clear. */
  ours: z.array(z.string()),
  /** The account was there before us: of it the learned mapping is ours too. */
  adopted: z.boolean().optional(),
});

export type Observed = z.infer<typeof observedSchema>;

/** What is about to be done, written before it is done, so that nobody repeats it blindly. */
const intentSchema = z.object({
  step: z.enum(['create', 'update', 'deactivate', 'reactivate']),
  /** How to find out whether it happened: by remote id, or by every address that it sent. */
  remoteId: z.number().int().positive().optional(),
  lookupBy: z.object({ emails: z.array(z.string()), externalId: z.string().optional() }),
  generation: z.number().int(),
  /** Looks that found nothing so far; an index that lags is asked again before the intent is dropped. */
  looks: z.number().int().default(0),
  startedAt: z.number(),
  /** Until then the call may still be in flight. */
  deadlineAt: z.number(),
});

export type Intent = z.infer<typeof intentSchema>;

/** An intent before Redis has stamped its times. */
export type PlannedIntent = Omit<Intent, 'startedAt' | 'deadlineAt'>;

/** What is left of a deleted resource until, and some time after, its account was deactivated. */
const tombstoneSchema = z.object({
  userName: z.string(),
  workEmail: z.string().optional(),
  externalId: z.string().optional(),
  displayName: z.string().optional(),
});

export type Tombstone = z.infer<typeof tombstoneSchema>;

/** Settled, but something was left out. */
const noteSchema = z.object({
  attribute: z.string(),
  reason: z.string(),
  waitsFor: z.string().optional(),
});

export type Note = z.infer<typeof noteSchema>;

/** One line of a person's story. `what` is a code; `detail` holds names of attributes and codes, no values. */
const eventSchema = z.object({
  what: z.string(),
  detail: z.string().optional(),
  attributes: z.array(z.string()).optional(),
});

export type TimelineEvent = z.infer<typeof eventSchema>;

export interface TimelineEntry extends TimelineEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const optional = <T>(schema: z.ZodType<T>, text: string): T | undefined =>
  text === '' ? undefined : schema.parse(JSON.parse(text));

export const parseObserved = (text: string): Observed | undefined => optional(observedSchema, text);
export const parseIntent = (text: string): Intent | undefined => optional(intentSchema, text);
export const parseTombstone = (text: string): Tombstone | undefined => optional(tombstoneSchema, text);
export const parseNotes = (text: string): readonly Note[] => optional(z.array(noteSchema), text) ?? [];

/** A line of the timeline: `<ms> <event as JSON>`. */
export function parseTimelineLine(line: string): TimelineEntry {
  const space = line.indexOf(' ');
  return { at: Number(line.slice(0, space)), ...eventSchema.parse(JSON.parse(line.slice(space + 1))) };
}

export const toEvent = (event: TimelineEvent | undefined): string => (event ? JSON.stringify(event) : '');
