/**
 * Checks a key and what it may see, one call at a time, and says the result in words for the person who connects an
 * account. Reads only: whether the key may also change people shows with the first change, because the API has no call
 * that asks.
 */
import type { Bucket } from './budget/types.ts';
import type { CallOptions } from './call.ts';
import type { FreshserviceClient } from './client.ts';
import { type ErrorKind, FreshserviceError } from './error.ts';

/** One thing that was tried. */
export interface PermissionCheck {
  /** What was checked, in words. */
  readonly check: string;
  readonly ok: boolean;
  /** What is wrong, in a sentence; only when not `ok`. */
  readonly problem?: string;
  /** What to do about it, in a sentence; only when not `ok`. */
  readonly fix?: string;
}

/** What {@link checkPermissions} found. */
export interface PermissionReport {
  /** In the order tried. When the first one, the key, fails, nothing else was tried. */
  readonly checks: readonly PermissionCheck[];
  /** The `X-RateLimit-Total` seen, by bucket; `overall` tells the plan. */
  readonly totals: Readonly<Partial<Record<Bucket, number>>>;
}

interface Explanation {
  readonly problem: string;
  readonly fix: string;
}

interface Check {
  readonly check: string;
  /** What the agent lacks when it is forbidden. */
  readonly permission: string;
  readonly attempt: (client: FreshserviceClient, options: CallOptions) => Promise<unknown>;
}

const KEY: Check = {
  check: 'API key',
  permission: 'to use the API',
  attempt: (client, options) => client.agents.me(options),
};

const SIGHTS: readonly Check[] = [
  {
    check: 'view requesters',
    permission: 'to view requesters',
    attempt: (client, options) => client.requesters.list({ perPage: 1 }, options),
  },
  {
    check: 'view agents',
    permission: 'to manage agents',
    attempt: (client, options) => client.agents.list({ perPage: 1 }, options),
  },
  {
    check: 'view agents among requesters',
    permission: 'to manage agents',
    attempt: (client, options) => client.requesters.list({ perPage: 1, includeAgents: true }, options),
  },
  {
    check: 'view roles',
    permission: 'to view roles',
    attempt: (client, options) => client.roles.list(options),
  },
];

/**
 * At most five calls. Never throws a {@link FreshserviceError}; what the budget throws passes as it is. Safe to repeat.
 */
export async function checkPermissions(
  client: FreshserviceClient,
  options: CallOptions = { urgency: 'normal' },
): Promise<PermissionReport> {
  const checks = [await tryOut(KEY, client, options)];
  if (checks[0]?.ok === true) {
    for (const sight of SIGHTS) checks.push(await tryOut(sight, client, options));
  }
  return { checks, totals: client.totalsSeen() };
}

async function tryOut(
  check: Check,
  client: FreshserviceClient,
  options: CallOptions,
): Promise<PermissionCheck> {
  try {
    await check.attempt(client, options);
    return { check: check.check, ok: true };
  } catch (error) {
    if (!(error instanceof FreshserviceError)) throw error;
    return { check: check.check, ok: false, ...EXPLANATIONS[error.kind](error, check) };
  }
}

/** What each kind of failure means to the person who connects an account. */
const EXPLANATIONS: Readonly<Record<ErrorKind, (error: FreshserviceError, check: Check) => Explanation>> = {
  unauthorized: (error) => (error.code === 'account_suspended' ? SUSPENDED : WRONG_KEY),
  forbidden: (error, check) => {
    // Live portals answer 403 without a code to a key that they do not know.
    if (check === KEY && error.code !== 'access_denied') return WRONG_KEY;
    return error.code === 'require_feature' ? MISSING_FEATURE : missingPermission(check);
  },
  throttled: (error) => ({
    problem: 'The calls per minute of this account are used up at the moment.',
    fix: `Try again in ${Math.ceil((error.retryAfterMs ?? 60_000) / 1000)} seconds.`,
  }),
  unavailable: (error) => {
    if (error.status === undefined) return unreachable(error.code ?? 'UNKNOWN');
    return error.status === 404 ? UNKNOWN_ACCOUNT : failing(error);
  },
  deadline: () => TOO_SLOW,
  malformed: () => NOT_FRESHSERVICE,
  conflict: refused,
  notFound: refused,
  invalid: refused,
};

const TLS_CODE = /CERT|TLS|SSL|SIGNATURE/;

function unreachable(code: string): Explanation {
  if (code === 'ENOTFOUND') return UNKNOWN_HOST;
  if (code === 'EAI_AGAIN') return NO_NAME_SERVER;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return TOO_SLOW;
  if (TLS_CODE.test(code)) {
    return {
      problem: `The certificate of the host is not trusted (${code}).`,
      fix: 'Check the domain; where a proxy inspects TLS, give its certificate to Node (NODE_EXTRA_CA_CERTS).',
    };
  }
  return {
    problem: `The host cannot be reached (${code}).`,
    fix: 'Check the domain, and that this machine may connect to it, then try again.',
  };
}

function missingPermission(check: Check): Explanation {
  return {
    problem: `Freshservice knows the key, but its agent is not allowed ${check.permission}.`,
    fix: 'In Freshservice, under Admin > Roles, add that permission to a role of the agent who owns the key.',
  };
}

function failing(error: FreshserviceError): Explanation {
  return {
    problem: `Freshservice answers with an error (status ${error.status}).`,
    fix: 'Try again later; status.freshworks.com tells of outages.',
  };
}

function refused(error: FreshserviceError): Explanation {
  return {
    problem: `Freshservice refused the question (${error.message}).`,
    fix: `Report this${error.requestId === undefined ? '' : `, with the request id ${error.requestId}`}.`,
  };
}

const WRONG_KEY: Explanation = {
  problem: 'Freshservice does not accept this API key.',
  fix: 'Copy the key again from Profile settings of an agent whose API key is enabled.',
};
const SUSPENDED: Explanation = {
  problem: 'This Freshservice account is suspended.',
  fix: 'Ask the owner of the account, then try again.',
};
const MISSING_FEATURE: Explanation = {
  problem: 'The plan of this account does not include what is asked for.',
  fix: 'Compare the plan of the account with what the set-up guide asks for.',
};
const UNKNOWN_HOST: Explanation = {
  problem: 'There is no host of this name.',
  fix: 'Check the spelling of the domain; it looks like acme.freshservice.com.',
};
const NO_NAME_SERVER: Explanation = {
  problem: 'The name of the host cannot be looked up, because the name server does not answer.',
  fix: 'Check the network and the DNS settings of this machine, then try again.',
};
const UNKNOWN_ACCOUNT: Explanation = {
  problem: 'The host answers, but there is no Freshservice account at this address (404).',
  fix: 'Use the account’s own freshservice.com name, not a name of your company that leads to it.',
};
const TOO_SLOW: Explanation = {
  problem: 'The host does not answer in time.',
  fix: 'Check the network, firewall and proxy, then try again.',
};
const NOT_FRESHSERVICE: Explanation = {
  problem:
    'Something answers that is not the Freshservice API: perhaps a proxy, a sign-in page or a redirect.',
  fix: 'Use the account’s own freshservice.com name, and check the proxies on the way.',
};
