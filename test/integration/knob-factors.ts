/**
 * What Freshservice does where its documentation is silent, as far as a connection can meet it: each choice that the
 * simulator offers, and what else an account may bring along. Not here: limits, latency and failures, which have tests
 * of their own, and what is of no consequence to a bridge (`NOT_MET`).
 */
import type { KnobChanges, Knobs } from '@fresh-scim/freshservice-sim';
import { pairwise } from '../support/pairwise.ts';

const KNOBS = {
  conflictStyle: ['409-errors', '409-flat', '400-duplicate_value'],
  conflictScope: ['primary+secondary+agents', 'primaryOnly'],
  emailFilterScope: ['primaryOnly', 'primaryAndSecondary'],
  emailFilterIncludesInactive: [true, false],
  getRequesterForAgentId: [404, 200],
  indexLagMs: [0, 300],
  queryIncludesInactive: [true, false],
  putInactive: ['allow', 'incompatible_field400', 'notFound'],
  putActive: ['reject400', 'ignore', 'apply'],
  readOnlyEcho: ['reject400', 'ignore'],
  undocumentedWrites: ['accept', 'reject400'],
  refusedAttributes: [[], ['external_id']],
  inaccessibleAttributes: [[], ['address']],
  nullScalars: ['clear', 'datatype_mismatch'],
  overLength: ['reject400', 'truncate'],
  seesAllReset: [true, false],
  customFieldsMerge: ['merge', 'replace'],
  customFieldsShown: ['set', 'all', 'nullWhenNone'],
  requesterFieldNames: ['customers', 'requesters'],
  inactiveManager: ['accept', 'reject400'],
  createStatus: [{ departments: 201 }, { departments: 200 }],
  uniqueDepartments: [true, false],
  envelopeQuirk: ['singular', 'plural'],
  departmentDomains: [false, true],
  deleteAgain: [404, 204],
  agentDeleteStatus: [200, 204],
  reactivateClears: ['department_ids+manager+location', 'nothing'],
  reactivateAgentOccasional: ['true', 'keep'],
  secondaryEmailsQuirk: ['array', 'emptyString'],
  notFoundBody: ['empty', 'html', 'flat'],
} as const satisfies { readonly [Name in keyof Knobs]?: readonly Knobs[Name][] };

/** Knobs that no combination turns, and why. */
export const NOT_MET: Partial<Record<keyof Knobs, string>> = {
  plan: 'limits',
  windowMs: 'limits',
  rate429Body: 'limits',
  retryAfter: 'limits',
  count429: 'limits',
  countUnauth: 'limits',
  listBucketScope: 'limits',
  foreignLoadPerMin: 'limits',
  latencyMs: 'failures',
  jitterMs: 'failures',
  connectionClose: 'failures',
  fault: 'failures',
  maintenanceSeconds: 'failures',
  keyRevoked: 'failures',
  revokedCode: 'failures',
  unauthorizedStatus: 'failures',
  uniqueMobile: 'a second owner of a number is a conflict that people have to settle',
  uniqueLocations: 'locations are read only',
  queryExternalId: 'nothing is asked for by external_id',
  maxLen: 'what is too long is cut at 255 before it is sent',
  requiredFieldsEnforced: 'a value that the administrator has to give',
  timeZones: 'only listed names are sent',
  languages: 'only listed codes are sent',
  licences: 'nobody becomes an agent',
  licenceError: 'nobody becomes an agent',
};

export const FACTORS = {
  ...KNOBS,
  /** Whether the account was imported before the first cycle, or only look-ups tell who is there. */
  isImported: [true, false],
};

/** One account: its knobs, and how it is met. */
export interface Combination {
  readonly knobs: KnobChanges;
  readonly isImported: boolean;
}

/** Any two choices come together in at least one of these. */
export const combinations = (): Combination[] =>
  pairwise(FACTORS).map(({ isImported, ...knobs }) => ({
    knobs: knobs as KnobChanges,
    isImported: isImported === true,
  }));
