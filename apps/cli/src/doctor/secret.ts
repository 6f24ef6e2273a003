// Whether there is a secret, and whether it is the one under which the API keys in Redis are sealed.
import { ConnectionError, parseSecret } from '@fresh-scim/connections';
import type { Connections, Secret } from '@fresh-scim/connections';
import { ok, wrong } from './check.ts';
import type { Check } from './check.ts';

const NAME = 'secret';

/** The secret, or what is wrong with it; its text is not repeated. */
export function openSecret(text: string | undefined): Secret | Check {
  if (text === undefined) {
    return wrong(
      NAME,
      'There is none.',
      'Set FRESH_SCIM_SECRET to the secret of this installation, or FRESH_SCIM_DATA_DIR to the folder that has it.',
    );
  }
  try {
    return parseSecret(text);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return wrong(NAME, error.message, error.fix);
  }
}

/** @throws {ConnectionError} store-unavailable */
export async function examineSecret(connections: Connections): Promise<Check> {
  try {
    await connections.verifySecret();
    return ok(NAME);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.code !== 'secret-mismatch') throw error;
    return wrong(NAME, error.message, error.fix);
  }
}
