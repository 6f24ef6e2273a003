// A connection as it is stored, and as the rest of the system sees it. What is read back is checked; fields of a
// newer version are kept when an older one writes the record again.
import * as z from 'zod';
import { ConnectionError } from './errors.ts';
import { sealedSchema } from './sealing.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** One Entra app bound to one Freshservice account. Holds no secret. */
export interface Connection {
  /** 'c' and 12 hex digits, at random; never reused. */
  readonly id: string;
  /** 'a' and 12 hex digits from the host that is called; connections to one account share it. */
  readonly accountId: string;
  /** Unique without case. */
  readonly name: string;
  /** Host of the Freshservice account. */
  readonly domain: string;
  /** Where calls go: `https://` and the domain, or what the operator gave for a simulator. No slash at the end. */
  readonly baseUrl: string;
  /** Freshservice plan, if the operator named it. */
  readonly plan?: string;
  /** Length of the account's minute in milliseconds; 60000, shorter for simulators only. */
  readonly minuteMs: number;
  readonly settings: Settings;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Paused by a person: Entra is acknowledged, nothing is sent to Freshservice. */
  readonly paused: boolean;
  /** Stopped by fresh-scim itself because Freshservice refuses our key. `at` in epoch milliseconds. */
  readonly stopped?: { readonly reason: string; readonly at: number };
}

const recordSchema = z.looseObject({
  v: z.literal(1),
  id: z.string().regex(/^c[0-9a-f]{12}$/),
  accountId: z.string().regex(/^a[0-9a-f]{12}$/),
  name: z.string().min(1),
  nameKey: z.string().min(1),
  domain: z.string().min(1),
  baseUrl: z.url(),
  plan: z.string().optional(),
  minuteMs: z.int().positive(),
  settings: z.record(z.string(), z.string()),
  sealed: sealedSchema,
  createdAt: z.int(),
  paused: z.boolean(),
  stopped: z.object({ reason: z.string(), at: z.int() }).optional(),
});

/** A connection as stored: settings as they were written, defaults left out, and the sealed API key. */
export type ConnectionRecord = z.infer<typeof recordSchema>;

/** @throws {ConnectionError} malformed-record, naming the record but showing nothing of it */
export function parseRecord(id: string, text: string): ConnectionRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConnectionError(
      'malformed-record',
      `The stored record of connection ${id} cannot be read.`,
      'It was written by a newer version or changed by hand: start the newer version, or restore a backup.',
      cause,
    );
  }
}

/** @throws {SettingsError} invalid-setting when a stored value is none that this version allows */
export function toConnection(record: ConnectionRecord): Connection {
  return {
    id: record.id,
    accountId: record.accountId,
    name: record.name,
    domain: record.domain,
    baseUrl: record.baseUrl,
    ...(record.plan === undefined ? {} : { plan: record.plan }),
    minuteMs: record.minuteMs,
    settings: readSettings(record.settings),
    createdAt: record.createdAt,
    paused: record.paused,
    ...(record.stopped === undefined ? {} : { stopped: record.stopped }),
  };
}
