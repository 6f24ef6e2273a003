// Every behaviour of the simulated account that can be turned, with its default. Where the public documentation is
// silent or contradicts itself, the alternatives are values of a knob, so that a client can be tested against each.
import { z } from 'zod';
import { FAULT_KINDS } from './faults/kinds.ts';

const PLANS = ['pro', 'starter', 'growth', 'enterprise', 'addon1', 'addon2', 'hourly'] as const;

/** The plans whose rate limits are known; `hourly` is an account older than September 2020. */
export type PlanName = (typeof PLANS)[number];

const knobsSchema = z.strictObject({
  // Rate limits
  plan: z.enum(PLANS).default('pro'),
  /** Length of the account's minute. */
  windowMs: z.number().int().min(10).max(3_600_000).default(60_000),
  rate429Body: z.enum(['message', 'flat_code', 'empty', 'html']).default('message'),
  retryAfter: z.enum(['exact', 'missing', 'zero', 'large']).default('exact'),
  /** Whether a refused call debits the buckets that still had room. */
  count429: z.boolean().default(true),
  /** Whether calls with missing or wrong credentials are counted. */
  countUnauth: z.boolean().default(true),
  /** Which GETs of a collection debit the list bucket besides the overall one. */
  listBucketScope: z.enum(['listAndFilterAndEmail', 'listOnly']).default('listAndFilterAndEmail'),
  /** Credits of the overall bucket that other applications use up, evenly, per window. */
  foreignLoadPerMin: z.number().int().min(0).max(10_000).default(0),

  // Uniqueness
  conflictStyle: z.enum(['409-errors', '409-flat', '400-duplicate_value']).default('409-errors'),
  /** `primaryOnly`: only primary addresses of people of the same kind collide. */
  conflictScope: z.enum(['primary+secondary+agents', 'primaryOnly']).default('primary+secondary+agents'),
  uniqueMobile: z.boolean().default(false),
  /** Whether a department's name may be used once only. Case and surrounding spaces do not count. */
  uniqueDepartments: z.boolean().default(true),
  /** `withinParent`: a location's name may be used once under each parent. */
  uniqueLocations: z.enum(['withinParent', 'none']).default('withinParent'),

  // Looking up
  emailFilterScope: z.enum(['primaryOnly', 'primaryAndSecondary']).default('primaryOnly'),
  emailFilterIncludesInactive: z.boolean().default(true),
  getRequesterForAgentId: z.literal([404, 200]).default(404),
  /** How long a change takes to show in `?query=` results. */
  indexLagMs: z.number().int().min(0).max(3_600_000).default(2000),
  queryIncludesInactive: z.boolean().default(true),
  /** Whether `external_id` may be used in `?query=`. */
  queryExternalId: z.boolean().default(false),

  // Writing
  putInactive: z.enum(['allow', 'incompatible_field400', 'notFound']).default('allow'),
  putActive: z.enum(['reject400', 'ignore', 'apply']).default('reject400'),
  readOnlyEcho: z.enum(['reject400', 'ignore']).default('reject400'),
  /** Writing `vip_user` and `can_see_all_changes_from_associated_departments`, which is not documented. */
  undocumentedWrites: z.enum(['accept', 'reject400']).default('accept'),
  /** Attributes that this account answers with `invalid_field`, for example `external_id`. */
  refusedAttributes: z.array(z.string().max(100)).max(50).default([]),
  /** Attributes that the key's role may not set: answered with `inaccessible_field`, for example `address`. */
  inaccessibleAttributes: z.array(z.string().max(100)).max(50).default([]),
  /** What `null` means for a scalar. */
  nullScalars: z.enum(['clear', 'datatype_mismatch']).default('clear'),
  maxLen: z.union([z.literal('off'), z.number().int().min(1).max(10_000)]).default(255),
  /** What happens to a text longer than `maxLen`. */
  overLength: z.enum(['reject400', 'truncate']).default('reject400'),
  /** Every PUT resets `can_see_all_tickets_from_associated_departments` unless it sends true. */
  seesAllReset: z.boolean().default(true),
  customFieldsMerge: z.enum(['merge', 'replace']).default('merge'),
  /** Custom fields in answers: those with a value; all, the others as null; or null instead of none. */
  customFieldsShown: z.enum(['set', 'all', 'nullWhenNone']).default('set'),
  /** Whether a custom field that agents have to fill in must be there over the API too. */
  requiredFieldsEnforced: z.boolean().default(false),
  /** `anything`: any text is taken. */
  timeZones: z.enum(['listed', 'anything']).default('listed'),
  languages: z.enum(['listed', 'anything']).default('listed'),
  /** Whether a deactivated person may be somebody's manager. */
  inactiveManager: z.enum(['accept', 'reject400']).default('accept'),

  // Departments, locations, fields
  /** Status of a create. */
  createStatus: z
    .strictObject({ departments: z.literal([201, 200]).default(201) })
    .default({ departments: 201 }),
  /** `plural`: one department or location is answered under the key of the list, as an object. */
  envelopeQuirk: z.enum(['singular', 'plural']).default('singular'),
  /** Whether a new person joins the departments that have the domain of the address. */
  departmentDomains: z.boolean().default(false),
  /** Names of two kinds are in use: `customers_can_edit`, or `requesters_can_edit`. */
  requesterFieldNames: z.enum(['customers', 'requesters']).default('customers'),

  // Life cycle
  deleteAgain: z.literal([404, 204]).default(404),
  agentDeleteStatus: z.literal([200, 204]).default(200),
  reactivateClears: z
    .enum(['department_ids+manager+location', 'nothing'])
    .default('department_ids+manager+location'),
  /** Whether a reactivated agent comes back occasional, or as before. */
  reactivateAgentOccasional: z.enum(['true', 'keep']).default('true'),
  /** `secondary_emails` in the answer of convert_to_requester. */
  secondaryEmailsQuirk: z.enum(['array', 'emptyString']).default('array'),
  /** How many active agents of each kind the account may have. */
  licences: z
    .strictObject({ fullTime: z.number().int().min(0), occasional: z.number().int().min(0) })
    .default({ fullTime: 1000, occasional: 1000 }),
  licenceError: z.enum(['access_denied403', 'require_feature400']).default('access_denied403'),

  // Transport
  notFoundBody: z.enum(['empty', 'html', 'flat']).default('empty'),
  /** Portals were seen to answer 403 to a request without credentials. */
  unauthorizedStatus: z.literal([401, 403]).default(401),
  /** Added to every answer, half before and half after the effect. */
  latencyMs: z.number().min(0).max(600_000).default(0),
  /** A random share of this is added to `latencyMs`. */
  jitterMs: z.number().min(0).max(600_000).default(0),
  connectionClose: z.boolean().default(false),
  /** A fault that every request suffers. */
  fault: z.enum(['none', ...FAULT_KINDS]).default('none'),
  /** From now on, for this many seconds of the account's clock, everything is answered 503. */
  maintenanceSeconds: z.number().min(0).max(86_400).default(0),
  /** From now on the keys are refused. */
  keyRevoked: z.boolean().default(false),
  /** With which code a revoked key is refused; all but the first are 403. */
  revokedCode: z
    .enum(['invalid_credentials', 'account_suspended', 'password_lockout', 'password_expired'])
    .default('invalid_credentials'),
});

/** The whole configuration of a simulated account. */
export type Knobs = z.infer<typeof knobsSchema>;

/** Any choice of knobs; the others keep their value. */
export type KnobChanges = Partial<Knobs>;

/**
 * Reads knobs and fills in the defaults.
 * @throws {z.ZodError} when a knob is unknown or a value is not one of its choices
 */
export function parseKnobs(input: unknown): Knobs {
  return knobsSchema.parse(input);
}

/**
 * Applies some changes to the knobs.
 * @throws {z.ZodError} as `parseKnobs`
 */
export function changeKnobs(knobs: Knobs, changes: unknown): Knobs {
  return knobsSchema.parse({ ...knobs, ...z.record(z.string(), z.unknown()).parse(changes) });
}
